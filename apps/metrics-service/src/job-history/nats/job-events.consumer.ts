import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { ConsumerName } from '@kintsugi/contracts';
import type { FaultListener, JsMsg } from '@kintsugi/messaging';
import { RecordJobEvents, type Delivery } from '../commands/record-job-events.js';
import { factsOf } from '../domain/job-event.js';
import { readJobEvent } from './job-event-message.js';

const consumer: ConsumerName = 'metrics-service-jobs';
const redeliveryDelayMs = 1_000;
/** Each may list 256 jobs, at about 10 us a job: requests are answered between the turns. */
const messagesPerTurn = 8;

/** Where the listener for faults is found by those who are built from what they name. */
export const FAULT_LISTENER = Symbol('fault listener');

/** Feeds the events of all jobs into the history. */
@Controller()
export class JobEventsConsumer {
  constructor(
    private readonly recordJobEvents: RecordJobEvents,
    @Inject(FAULT_LISTENER) private readonly onFault: FaultListener,
  ) {}

  /**
   * What stays in the batch is acknowledged when this resolves. Facts are held for longer than that, so the messages
   * are taken out of the batch, and each is acknowledged by itself once its facts are safe.
   */
  @EventPattern(consumer)
  async take(@Payload() batch: JsMsg[]): Promise<void> {
    const messages = batch.splice(0);
    for (let from = 0; from < messages.length; from += messagesPerTurn) {
      await this.recordJobEvents.take(messages.slice(from, from + messagesPerTurn).map((message) => this.deliveryOf(message)));
      await new Promise(setImmediate);
    }
  }

  private deliveryOf(message: JsMsg): Delivery {
    const acknowledge = (): void => message.ack();
    const redeliver = (): void => message.nak(redeliveryDelayMs);
    try {
      const event = readJobEvent(message);
      if (event) return { facts: factsOf(event), time: event.time, repeated: message.redelivered, acknowledge, redeliver };
    } catch (error) {
      // It will not get better; it stays in the stream under its number for whoever wants to look.
      this.onFault(error, { subject: `${message.subject} ${message.seq}`, requestId: undefined });
    }
    return { facts: [], time: 0, repeated: false, acknowledge, redeliver };
  }
}
