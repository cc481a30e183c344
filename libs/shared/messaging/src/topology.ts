import { isDeepStrictEqual } from 'node:util';
import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
} from '@nats-io/jetstream';
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
const notMade = new Set<number>([JetStreamApiCodes.StreamNotFound, JetStreamApiCodes.ConsumerNotFound]);

/** A stream that another version made, of a kind that cannot be changed in place. It goes on as it is until a person removes it. */
export class OutdatedStreamError extends Error {
  override readonly name = 'OutdatedStreamError';

  constructor(stream: StreamName) {
    super(
      `The stream ${stream} was made by another version and cannot be changed in place; until it is made anew it may drop what ` +
        `was not read. Once its consumers have read everything, remove it (nats stream rm ${stream}): it is made anew at once.`,
    );
  }
}

/** Whether a stream or a consumer was asked for that nobody has made yet, or that was lost and has not been made again. */
export function isNotMadeYet(error: unknown): boolean {
  return error instanceof JetStreamApiError && notMade.has(error.code);
}

/**
 * Creates the streams and durable consumers that are missing and brings the others to what the contracts say.
 * Safe to call at any time and by several processes at once: it is also how lost streams come back.
 * Rejects for a stream that cannot be brought there, after everything else was done.
 */
export async function applyTopology(bus: Bus): Promise<void> {
  const manager = await bus.manager();
  const given = Object.entries(streams) as [StreamName, StreamDefinition][];
  const applied = await Promise.all(given.map(([name, stream]) => applyStream(manager, name, stream, bus.streamReplicas)));
  const outdated = given.filter((_, index) => !applied[index]).map(([name]) => name);
  const readers = Object.entries(consumers) as [ConsumerName, ConsumerDefinition][];
  await Promise.all(readers.map(([name, consumer]) => applyConsumer(manager, name, consumer)));
  const [first] = outdated;
  if (first) throw new OutdatedStreamError(first);
}

/** False for a stream of another retention, which is left as it is: it can be had only by making the stream anew. */
async function applyStream(
  manager: JetStreamManager,
  name: StreamName,
  stream: StreamDefinition,
  replicas: number,
): Promise<boolean> {
  const isQueue = stream.keeps === 'until acknowledged';
  const retention = isQueue ? RetentionPolicy.Workqueue : RetentionPolicy.Limits;
  const limitsOfStream = {
    subjects: [...stream.subjects],
    max_age: (stream.maxAgeSeconds ?? 0) * nanoseconds,
    max_bytes: stream.maxBytes,
    duplicate_window: stream.duplicateWindowSeconds * nanoseconds,
    discard: isQueue ? DiscardPolicy.New : DiscardPolicy.Old,
  };
  try {
    await manager.streams.add({ name, ...limitsOfStream, retention, num_replicas: replicas, storage: StorageType.File });
  } catch (error) {
    // `add` answers success for what exists with equal settings; anything else that exists is updated. How many replicas
    // that has is its operator's choice, as is all that the contracts do not name.
    const existing = await manager.streams.info(name).catch(() => null);
    if (!existing) throw error;
    if (existing.config.retention !== retention) return false;
    if (!holds(existing.config, limitsOfStream)) await manager.streams.update(name, limitsOfStream);
  }
  return true;
}

async function applyConsumer(manager: JetStreamManager, name: ConsumerName, consumer: ConsumerDefinition): Promise<void> {
  const settings = {
    ack_wait: consumer.ackWaitSeconds * nanoseconds,
    max_ack_pending: consumer.maxAckPending,
    filter_subjects: [...consumer.filterSubjects],
    // Never parked silently in the broker, which counts also what a database that is away sent back: see FailedDeliveries.
    max_deliver: -1,
  };
  try {
    await manager.consumers.add(consumer.stream, {
      durable_name: name,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ...settings,
    });
  } catch {
    const { config } = await manager.consumers.info(consumer.stream, name);
    if (!holds(config, settings)) await manager.consumers.update(consumer.stream, name, settings);
  }
}

/**
 * Whether a configuration has the settings that it is to have. An update that changes nothing is not harmless: it sends the
 * whole configuration as it was read, and so takes back what an operator has changed meanwhile.
 */
function holds(config: object, settings: object): boolean {
  const has = config as Record<string, unknown>;
  return Object.entries(settings).every(([name, value]) => isDeepStrictEqual(has[name], value));
}
