import { AckPolicy, DeliverPolicy, DiscardPolicy, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import {
  consumers,
  streams,
  type ConsumerDefinition,
  type ConsumerName,
  type StreamDefinition,
  type StreamName,
} from '@kintsugi/contracts';
import type { Bus } from './bus.js';

const nanoseconds = 1_000_000_000;

/**
 * Creates the streams and durable consumers that are missing and brings the others to what the contracts say.
 * Safe to call at any time and by several processes at once: it is also how lost streams come back.
 */
export async function applyTopology(bus: Bus, options: { replicas?: number } = {}): Promise<void> {
  const manager = await bus.manager();
  for (const [name, stream] of Object.entries(streams) as [StreamName, StreamDefinition][]) {
    const limitsOfStream = {
      subjects: [...stream.subjects],
      max_age: stream.maxAgeSeconds * nanoseconds,
      max_bytes: stream.maxBytes,
      duplicate_window: stream.duplicateWindowSeconds * nanoseconds,
      num_replicas: options.replicas ?? 1,
    };
    await createOrUpdate(
      () =>
        manager.streams.add({
          name,
          ...limitsOfStream,
          retention: RetentionPolicy.Limits,
          storage: StorageType.File,
          discard: DiscardPolicy.Old,
        }),
      () => manager.streams.update(name, limitsOfStream),
    );
  }
  for (const [name, consumer] of Object.entries(consumers) as [ConsumerName, ConsumerDefinition][]) {
    const settings = {
      ack_wait: consumer.ackWaitSeconds * nanoseconds,
      max_ack_pending: consumer.maxAckPending,
      filter_subjects: [...consumer.filterSubjects],
      // Never parked silently in the broker, which counts also what a database that is away sent back: see FailedDeliveries.
      max_deliver: -1,
    };
    await createOrUpdate(
      () =>
        manager.consumers.add(consumer.stream, {
          durable_name: name,
          ack_policy: AckPolicy.Explicit,
          deliver_policy: DeliverPolicy.All,
          ...settings,
        }),
      () => manager.consumers.update(consumer.stream, name, settings),
    );
  }
}

/** `add` answers success for what exists with equal settings; anything else that exists is updated. */
async function createOrUpdate(create: () => Promise<unknown>, update: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch {
    await update();
  }
}
