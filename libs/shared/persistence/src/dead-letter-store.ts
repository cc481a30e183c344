import type { Collection, Filter, UpdateFilter } from 'mongodb';
import type { Problem } from '@kintsugi/contracts';
import { behindOf, type ListPlace } from './behind-place.js';
import type { IndexDefinition } from './ensure-indexes.js';
import { durable, type Store } from './store.js';

const deadLetterCollection = 'dead_letters';
const thirtyDays = 30 * 24 * 3600;

/** A message that could not be handled, with the reason and what is needed to send it again. */
export interface DeadLetter {
  /** Reader, stream, sequence and time of the message: a second delivery is the same dead letter, and nothing else is. */
  _id: string;
  consumer: string;
  subject: string;
  stream_sequence: number;
  message_id: string | null;
  headers: { name: string; value: string }[];
  reason: string;
  problem: Problem;
  /** The payload, or its beginning where it is shorter than `payload_bytes`; bytes that are not UTF-8 are replaced. */
  payload: string;
  payload_bytes: number;
  received_at: Date;
  /** How often somebody had it replayed in vain, and when last. */
  replays?: number;
  replayed_at?: Date;
  /** When the first replay began of which nobody knows whether it was carried out. */
  replay_begun_at?: Date;
  /** It was carried out since. It stays as long as the others, so that it is not carried out once more. */
  is_done?: boolean;
}

export interface DeadLetterQuery {
  reason?: string | undefined;
  /** Only messages of this subject. */
  subject?: string | undefined;
  /** Only what stands behind this. */
  behind?: ListPlace | undefined;
  limit: number;
}

/** A dead letter without what it says: a list of those that say much would not fit into memory. */
export interface ListedDeadLetter extends Omit<DeadLetter, 'payload'> {
  /** How much of the payload is kept. */
  kept_bytes: number;
  /** Whether that is all of it, as it came: where bytes were replaced that are no UTF-8, it is not. */
  is_whole: boolean;
}

export const deadLetterIndexes: readonly IndexDefinition[] = [
  { collection: deadLetterCollection, keys: { received_at: 1 }, options: { name: 'expiry', expireAfterSeconds: thirtyDays } },
  { collection: deadLetterCollection, keys: { reason: 1, received_at: -1, _id: 1 }, options: { name: 'newest_of_reason' } },
  { collection: deadLetterCollection, keys: { received_at: -1, _id: 1 }, options: { name: 'newest' } },
];

const replacement = '\uFFFD';

/** The same as `listed` makes of a letter, where the letter is. */
const listedStages = [
  { $set: { kept_bytes: { $strLenBytes: '$payload' } } },
  {
    $set: {
      is_whole: {
        $and: [{ $eq: ['$kept_bytes', '$payload_bytes'] }, { $eq: [{ $indexOfBytes: ['$payload', replacement] }, -1] }],
      },
    },
  },
  { $unset: 'payload' },
];

export function listed({ payload, ...letter }: DeadLetter): ListedDeadLetter {
  const kept = Buffer.byteLength(payload);
  return { ...letter, kept_bytes: kept, is_whole: kept === letter.payload_bytes && !payload.includes(replacement) };
}

/** A service's dead letters, for thirty days. */
export class DeadLetterStore {
  private readonly deadLetters: Collection<DeadLetter>;

  constructor(store: Store) {
    this.deadLetters = store.collection<DeadLetter>(deadLetterCollection);
  }

  /** Resolves once all are safe, with those that were not kept before. A dead letter that is kept stays as it is. */
  async keep(deadLetters: readonly DeadLetter[]): Promise<DeadLetter[]> {
    if (deadLetters.length === 0) return [];
    const { upsertedIds } = await this.deadLetters.bulkWrite(
      deadLetters.map(({ _id, ...letter }) => ({
        updateOne: { filter: { _id }, update: { $setOnInsert: letter }, upsert: true },
      })),
      { ordered: false, ...durable },
    );
    return deadLetters.filter((_, index) => index in upsertedIds);
  }

  /** Those that are not carried out yet, the newest first. */
  async newest({ reason, subject, behind, limit }: DeadLetterQuery): Promise<ListedDeadLetter[]> {
    const filter: Filter<DeadLetter> = {
      is_done: { $ne: true },
      ...(reason === undefined ? {} : { reason }),
      ...(subject === undefined ? {} : { subject }),
      ...(behind === undefined ? {} : behindOf<DeadLetter>('received_at', behind)),
    };
    const stages = [{ $match: filter }, { $sort: { received_at: -1, _id: 1 } }, { $limit: limit }, ...listedStages];
    return this.deadLetters.aggregate<ListedDeadLetter>(stages).toArray();
  }

  find(id: string): Promise<DeadLetter | null> {
    return this.deadLetters.findOne({ _id: id });
  }

  /** False where a replay of which nobody knows the end had begun before. */
  async noteBegun(id: string, now: Date): Promise<boolean> {
    const unbegun = { _id: id, replay_begun_at: { $exists: false } };
    return (await this.deadLetters.updateOne(unbegun, { $set: { replay_begun_at: now } }, durable)).modifiedCount > 0;
  }

  async noteDone(id: string, now: Date): Promise<void> {
    const done = { $set: { is_done: true, replayed_at: now }, $unset: { replay_begun_at: true as const } };
    await this.deadLetters.updateOne({ _id: id }, done, durable);
  }

  /** @param didNothing whether no replay, this one included, can have carried it out */
  async noteFailed(id: string, problem: Problem, now: Date, didNothing: boolean): Promise<void> {
    const failed: UpdateFilter<DeadLetter> = {
      ...{ $set: { reason: problem.code, problem, replayed_at: now }, $inc: { replays: 1 } },
      ...(didNothing ? { $unset: { replay_begun_at: true } } : {}),
    };
    await this.deadLetters.updateOne({ _id: id, is_done: { $ne: true } }, failed, durable);
  }

  /** False where there is none. */
  async remove(id: string): Promise<boolean> {
    return (await this.deadLetters.deleteOne({ _id: id }, durable)).deletedCount > 0;
  }

  /** Removes those whose message speaks of one of these jobs or of its tasks, whatever else it speaks of. */
  async removeAbout(jobIds: readonly string[]): Promise<void> {
    if ((await this.deadLetters.findOne({}, { projection: { _id: 1 } })) === null) return;
    const payload = new RegExp(jobIds.map(mentionOf).join('|'));
    await this.deadLetters.deleteMany({ payload }, durable);
  }
}

/** A job's id as its own ids, those of its chunks, tasks and error records begin. An id has no character that means something in a pattern but the dot. */
function mentionOf(jobId: string): string {
  const [uuid = '', index] = jobId.slice(4).split('.');
  return index === undefined ? uuid : `${uuid}(\\.0)?\\.${index}(?!\\d)`;
}
