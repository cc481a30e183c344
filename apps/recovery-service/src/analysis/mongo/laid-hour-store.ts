import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompressSync } from 'node:zlib';
import { Binary, type Collection, type Filter } from 'mongodb';
import { v7 as uuidv7 } from 'uuid';
import type { Store } from '@kintsugi/persistence';
import { quietMs as quietMsDefault } from '../../records/domain/failure-hours.js';
import { failureHoursOf, type FailureHour, type LaidPart } from '../../records/mongo/changed-hours.js';
import type { KnownHour, LaidHours, Reach } from '../laid-hours.js';
import { fromBytes, toBytes, type FailureColumns } from '../domain/failure-columns.js';

const pack = promisify(zstdCompress);
const params = { [constants.ZSTD_c_compressionLevel]: 1 };
/** A document has 16 MB at most. */
const blockBytesMaxDefault = 15_000_000;
/** So long, an hour with more is not looked at again. */
const largeMs = 86_400_000;
const hoursPerBatch = 24;
/** The least that the library takes. */
const chunkMin = 64;

/** The document whose `reached` says before which hour each one is laid down, announced as changed, or without records. */
const reachedId = -1;

interface ReachedHour extends FailureHour {
  reached: number;
  kept_days: number;
  /** Left out where hours were laid down without sieves. */
  sieved?: true;
}

/** Hours of failures as they are laid down in MongoDB. */
export class LaidHourStore implements LaidHours {
  private readonly hours: Collection<FailureHour>;
  private readonly reaches: Collection<ReachedHour>;

  /**
   * @param keptDays days for which records are kept once they are closed
   * @param quietMs how long an hour was left alone before it is laid down
   * @param blockBytesMax what is laid down of an hour at most
   */
  constructor(
    private readonly store: Store,
    private readonly keptDays: number,
    private readonly quietMs = quietMsDefault,
    private readonly blockBytesMax = blockBytesMaxDefault,
  ) {
    this.hours = failureHoursOf(store);
    this.reaches = store.collection<ReachedHour>(this.hours.collectionName);
  }

  async prepare(): Promise<boolean> {
    const otherwise = await this.reaches.findOne({
      _id: reachedId,
      $or: [{ kept_days: { $ne: this.keptDays } }, { sieved: { $ne: true } }],
    });
    if (otherwise) await this.hours.deleteMany({});
    return otherwise !== null;
  }

  async now(): Promise<number> {
    const { localTime } = await this.store.db.command({ hello: 1 });
    return (localTime as Date).getTime();
  }

  async reached(): Promise<Reach | null> {
    const found = await this.reaches.findOne({ _id: reachedId });
    return found && { begun: found.changed, before: found.reached };
  }

  async start(): Promise<Reach | null> {
    const first = { changed: uuidv7(), reached: 0, kept_days: this.keptDays, sieved: true } as const;
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
      .project<Pick<FailureHour, '_id' | 'block'>>({ block: 1 })
      .batchSize(hoursPerBatch);
    for await (const { _id: hour, block } of cursor) yield { hour, parts: block ? unpacked(block) : null };
  }

  async stale(reached: number, forgottenBefore: number): Promise<number[]> {
    const changed = { stale_since: { $exists: true } };
    const parts: Filter<FailureHour>[] = [{ ...changed, ...this.settled() }, { first_closed_at: { $lt: forgottenBefore } }];
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

  async lay(hour: number, changed: string, parts: AsyncIterable<FailureColumns>): Promise<void> {
    const laid = await this.packed(parts);
    const filter = { _id: hour, changed };
    if (laid?.block.length === 0) {
      await this.hours.deleteOne(filter);
      return;
    }
    if (!laid) {
      const since = { stale_since: true, large_since: true } as const;
      await this.hours.updateOne(filter, { $currentDate: since, $unset: { block: '', first_closed_at: '' } });
      return;
    }
    const { block, closedAt } = laid;
    const closed = closedAt === Infinity ? {} : { first_closed_at: closedAt };
    const gone: Record<string, ''> = {
      stale_since: '',
      large_since: '',
      ...(closedAt === Infinity ? { first_closed_at: '' } : {}),
    };
    await this.hours.updateOne(filter, { $set: { block, ...closed }, $unset: gone });
  }

  async hasLargeHour(from: number, before: number): Promise<boolean> {
    const found = await this.hours.findOne({ _id: { $gte: from, $lt: before }, large_since: { $exists: true } });
    return found !== null;
  }

  /** Null where they are too many. */
  private async packed(parts: AsyncIterable<FailureColumns>): Promise<{ block: LaidPart[]; closedAt: number } | null> {
    const block: LaidPart[] = [];
    let [length, closedAt] = [0, Infinity];
    for await (const columns of parts) {
      const bytes = toBytes(columns);
      const packed = await pack(bytes, { params });
      length += packed.length;
      if (length > this.blockBytesMax) return null;
      block.push({ packed: new Binary(packed), bytes: bytes.length });
      closedAt = columns.closed_at.reduce((least, at) => (at < least ? at : least), closedAt);
    }
    return { block, closedAt };
  }

  /** By the clock of the database, which has written when it changed. */
  private settled(): Filter<FailureHour> {
    const isOver = (field: string, ms: number) => ({ $lt: [{ $ifNull: [field, new Date(0)] }, { $subtract: ['$$NOW', ms] }] });
    return { $expr: { $and: [isOver('$stale_since', this.quietMs), isOver('$large_since', largeMs)] } };
  }
}

/** A part takes some milliseconds at most, and most of them less than the way to another thread and back. */
async function* unpacked(block: readonly LaidPart[]): AsyncGenerator<FailureColumns, void, undefined> {
  for (const { packed, bytes } of block) {
    yield fromBytes(zstdDecompressSync(packed.value(), { chunkSize: Math.max(chunkMin, bytes + 1) }));
  }
}
