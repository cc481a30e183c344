import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { inBackground } from '@kintsugi/boundary';
import type { ConsumerName } from '@kintsugi/contracts';
import { FailedDeliveries, type FailedDelivery } from '@kintsugi/hosting';
import type { JsMsg } from '@kintsugi/messaging';
import { RecordJobEvents, type Delivery } from '../commands/record-job-events.js';
import { factsOf, isAct } from '../domain/job-event.js';
import { readJobEvent } from './job-event-message.js';

const consumer: ConsumerName = 'metrics-service-jobs';
/** Each may list 256 jobs, at about 10 us a job: requests are answered between the turns. */
const messagesPerTurn = 8;

/**
 * Feeds the events of all jobs into the history. An event that cannot be read, or fails again and again, becomes a dead
 * letter and holds up no other.
 */
@Controller()
export class JobEventsConsumer {
  private readonly failed: FailedDelivery[] = [];

  constructor(
    private readonly recordJobEvents: RecordJobEvents,
    private readonly failedDeliveries: FailedDeliveries,
  ) {}

  /**
   * What stays in the batch is acknowledged when this resolves. Facts are held for longer than that, so the messages
   * are taken out of the batch, and each is acknowledged by itself once its facts are safe.
   */
  @EventPattern(consumer)
  async take(@Payload() batch: JsMsg[]): Promise<void> {
    const messages = batch.splice(0);
    for (let from = 0; from < messages.length; from += messagesPerTurn) {
      const turn = messages.slice(from, from + messagesPerTurn);
      await this.recordJobEvents.take(turn.flatMap((message) => this.deliveryOf(message) ?? []));
      await new Promise(setImmediate);
    }
  }

  /** Null for an event that cannot be read. */
  private deliveryOf(message: JsMsg): Delivery | null {
    const fate = { acknowledge: () => message.ack(), fail: (error: unknown) => this.fail({ message, error }) };
    try {
      const event = readJobEvent(message);
      if (event) {
        return { facts: factsOf(event), time: event.time, repeated: message.redelivered, awaited: isAct(event), ...fate };
      }
      return { facts: [], time: 0, repeated: false, awaited: false, ...fate };
    } catch (error) {
      fate.fail(error);
      return null;
    }
  }

  /** What fails in one go is settled in one. */
  private fail(failure: FailedDelivery): void {
    if (this.failed.push(failure) > 1) return;
    inBackground('job-events.settle', async () => {
      await Promise.resolve();
      await this.failedDeliveries.settle(this.failed.splice(0));
    });
  }
}
