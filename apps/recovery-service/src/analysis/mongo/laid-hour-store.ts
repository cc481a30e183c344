import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { Binary, type Collection, type Filter } from 'mongodb';
import { v7 as uuidv7 } from 'uuid';
import type { Store } from '@kintsugi/persistence';
import { quietMs as quietMsDefault } from '../../records/domain/failure-hours.js';
import { failureHoursOf, type FailureHour } from '../../records/mongo/changed-hours.js';
import type { KnownHour, LaidHours, Reach } from '../laid-hours.js';
import { fromBytes, toBytes, type FailureColumns } from '../domain/failure-columns.js';

const params = { [constants.ZSTD_c_compressionLevel]: 1 };
/** A document has 16 MB at most. */
const blockBytesMax = 15_000_000;
const hoursPerBatch = 24;
/** The least that the library takes. */
const chunkMin = 64;

/** The document whose `reached` says before which hour each one is laid down, announced as changed, or without records. */
const reachedId = -1;

interface ReachedHour extends FailureHour {
  reached: number;
  kept_days: number;
}

/** Hours of failures as they are laid down in MongoDB. */
export class LaidHourStore implements LaidHours {
  private readonly hours: Collection<FailureHour>;
  private readonly reaches: Collection<ReachedHour>;

  /**
   * @param keptDays days for which records are kept once they are closed
   * @param quietMs how long an hour was left alone before it is laid down
   */
  constructor(
    store: Store,
    private readonly keptDays: number,
    private readonly quietMs = quietMsDefault,
  ) {
    this.hours = failureHoursOf(store);
    this.reaches = store.collection<ReachedHour>(this.hours.collectionName);
  }

  async prepare(): Promise<void> {
    const otherwise = await this.reaches.findOne({ _id: reachedId, kept_days: { $ne: this.keptDays } });
    if (otherwise) await this.hours.deleteMany({});
  }

  async reached(): Promise<Reach | null> {
    const found = await this.reaches.findOne({ _id: reachedId });
    return found && { begun: found.changed, before: found.reached };
  }

  async start(): Promise<Reach | null> {
    const first = { changed: uuidv7(), reached: 0, kept_days: this.keptDays };
    await this.reaches.updateOne({ _id: reachedId }, { $setOnInsert: first }, { upsert: true });
    return this.reached();
  }

  async reach({ begun, before }: Reach, to: number): Promise<Reach | null> {
    const filter = { _id: reachedId, changed: begun, reached: before };
    const { matchedCount } = await this.reaches.updateOne(filter, { $set: { reached: to } });
    return matchedCount > 0 ? { begun, before: to } : null;
  }

  async *between(from: number, before: number): AsyncGenerator<KnownHour, void, undefined> {
    const cursor = this.hours
      .find({ _id: { $gte: Math.max(0, from), $lt: before } })
      .sort({ _id: 1 })
      .project<Pick<FailureHour, '_id' | 'block' | 'bytes'>>({ block: 1, bytes: 1 })
      .batchSize(hoursPerBatch);
    for await (const { _id: hour, block, bytes } of cursor) yield { hour, columns: unpacked(block, bytes) };
  }

  async stale(reached: number, forgottenBefore: number): Promise<number[]> {
    const changed = { stale_since: { $exists: true }, ...this.settled() };
    const parts: Filter<FailureHour>[] = [changed, { first_closed_at: { $lt: forgottenBefore } }];
    const found = await Promise.all(
      parts.map((part) =>
        this.hours
          .find({ ...part, _id: { $gte: 0, $lt: reached } })
          .project<Pick<FailureHour, '_id'>>({ _id: 1 })
          .toArray(),
      ),
    );
    return found.flat().map(({ _id }) => _id);
  }

  async begin(hour: number): Promise<string | null> {
    const first = { changed: uuidv7(), stale_since: new Date(0) };
    await this.hours.updateOne({ _id: hour }, { $setOnInsert: first }, { upsert: true });
    const found = await this.hours
      .find({ _id: hour, ...this.settled() })
      .project<Pick<FailureHour, 'changed'>>({ changed: 1 })
      .next();
    return found?.changed ?? null;
  }

  async lay(hour: number, changed: string, columns: FailureColumns): Promise<void> {
    const filter = { _id: hour, changed };
    if (columns.at.length === 0) {
      await this.hours.deleteOne(filter);
      return;
    }
    const bytes = toBytes(columns);
    const block = zstdCompressSync(bytes, { params });
    if (block.length > blockBytesMax) return this.layNothing(hour, changed);
    const first = columns.closed_at.reduce((least, at) => (at < least ? at : least), Infinity);
    const closed = first === Infinity ? {} : { first_closed_at: first };
    const gone = { stale_since: '', is_large: '', ...(first === Infinity ? { first_closed_at: '' as const } : {}) } as const;
    await this.hours.updateOne(filter, { $set: { block: new Binary(block), bytes: bytes.length, ...closed }, $unset: gone });
  }

  async layNothing(hour: number, changed: string): Promise<void> {
    const gone = { stale_since: '', block: '', bytes: '', first_closed_at: '' } as const;
    await this.hours.updateOne({ _id: hour, changed }, { $set: { is_large: true }, $unset: gone });
  }

  /** By the clock of the database, which has written when it changed. */
  private settled(): Filter<FailureHour> {
    const since = { $ifNull: ['$stale_since', new Date(0)] };
    return { $expr: { $lt: [since, { $subtract: ['$$NOW', this.quietMs] }] } };
  }
}

/** Most are of some ten kilobytes: unpacked here they cost less than the way to another thread. */
function unpacked(block: Binary | undefined, bytes = 0): FailureColumns | null {
  return block ? fromBytes(zstdDecompressSync(block.value(), { chunkSize: Math.max(chunkMin, bytes + 1) })) : null;
}
