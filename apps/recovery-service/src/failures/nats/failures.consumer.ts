import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { ConsumerName } from '@kintsugi/contracts';
import { FailedDeliveries, type FailedDelivery } from '@kintsugi/hosting';
import { spanOfMessages, type JsMsg } from '@kintsugi/messaging';
import { handleApart } from '@kintsugi/persistence';
import { inSpan, tracing } from '@kintsugi/tracing';
import { MovementNotices } from '../../platform/nats/movement-notices.js';
import { TakeTaskEvents } from '../commands/take-task-events.js';
import type { TaskEvent } from '../domain/task-events.js';
import { readTaskEvents } from './read-task-events.js';

const consumer: ConsumerName = 'recovery-service-failures';

interface ReadEvent {
  message: JsMsg;
  taskEvents: readonly TaskEvent[];
}

/**
 * Takes in what job-service tells of tasks and cancelled jobs, in batches. An event that cannot be read, or fails again
 * and again, becomes a dead letter and holds up no other: its tasks stay failed, and job-service tells of them again.
 */
@Controller()
export class FailuresConsumer {
  constructor(
    private readonly takeTaskEvents: TakeTaskEvents,
    private readonly failedDeliveries: FailedDeliveries,
    private readonly notices: MovementNotices,
  ) {}

  @EventPattern(consumer)
  async take(@Payload() batch: JsMsg[]): Promise<void> {
    const events: ReadEvent[] = [];
    const failed: FailedDelivery[] = [];
    const messages = batch.splice(0);
    for (const message of messages) {
      const read = readTaskEvents(message);
      if ('taskEvents' in read) events.push({ message, taskEvents: read.taskEvents });
      else failed.push({ message, error: read.unreadable });
    }
    for (const { item, error } of await handleApart(events, (group) => this.takeTraced(group))) {
      failed.push({ message: item.message, error });
    }
    const again = new Set(failed.map(({ message }) => message));
    // Before they are acknowledged: they come again where this process ends in between.
    this.notices.tell();
    for (const message of messages) if (!again.has(message)) message.ack();
    await this.failedDeliveries.settle(failed);
  }

  /** What comes with several traces is a part of the first and has links to the others. */
  private takeTraced(events: readonly ReadEvent[]): Promise<void> {
    const span =
      tracing() &&
      spanOfMessages(
        events.map(({ message }) => message),
        consumer,
      );
    return inSpan(span, () => this.takeTaskEvents.execute(events.flatMap((event) => event.taskEvents)));
  }
}
