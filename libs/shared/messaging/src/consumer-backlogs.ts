import { consumers, type ConsumerName } from '@kintsugi/contracts';
import type { Bus } from './bus.js';

/** What a durable consumer has not yet had handled, as the broker's leader of it counts. */
export interface ConsumerBacklog {
  stream: string;
  consumer: ConsumerName;
  /** Messages not delivered yet. */
  pending: number;
  /** Delivered and not acknowledged. */
  unacknowledged: number;
  /** Of those, delivered more than once. */
  redelivered: number;
}

/** The backlog of each durable consumer that there is. Rejects while the broker is away. */
export async function consumerBacklogs(bus: Bus): Promise<ConsumerBacklog[]> {
  const manager = await bus.manager();
  const names = Object.keys(consumers) as ConsumerName[];
  return Promise.all(
    names.map(async (consumer) => {
      const { stream } = consumers[consumer];
      const info = await manager.consumers.info(stream, consumer);
      const { num_pending: pending, num_ack_pending: unacknowledged, num_redelivered: redelivered } = info;
      return { stream, consumer, pending, unacknowledged, redelivered };
    }),
  );
}
