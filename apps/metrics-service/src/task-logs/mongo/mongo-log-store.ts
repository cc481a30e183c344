import { Binary, type Collection, type Filter, type FindCursor } from 'mongodb';
import { logIdOf, placeOfBundledJob, unpackedBytesOf, type LogRun } from '@kintsugi/contracts';
import type { Store } from '@kintsugi/persistence';
import { isSiftable, sieveOf } from '../domain/block-sieve.js';
import { blockOf, textBytesOf, type BlockHead, type LogBlock, type LogSize } from '../domain/log-block.js';
import { mayHold, type LogFilter } from '../domain/log-filter.js';
import { ungrouped } from '../domain/ungrouped-lines.js';
import { LogStore, type BlockQuery, type LogTotals } from '../log-store.js';
import { LogPacker } from '../packing/log-packer.js';
import { compressLines, decompressLines, readable } from '../packing/compressed-lines.js';
import { MongoBlockSieves } from './mongo-block-sieves.js';

export const blockCollection = 'log_blocks';
export const sizeCollection = 'log_sizes';
export const forgottenCollection = 'log_deletions';

/** A database that is killed may lose the last lines: a journal for each write would make every reader of a log wait for it. */
const quick = { writeConcern: { w: 1 } } as const;
const justWritten = { readConcern: { level: 'local' } } as const;
/** Lines of fewer bytes are packed sooner than they are handed over, and whoever follows a log waits for no other. */
const handedOverMin = 64 * 1024;
/** Blocks that are unpacked ahead of whoever reads them. */
const aheadMax = 4;
/** Blocks whose sieves are looked through at once: few at first, so that a text which stands everywhere is soon found. */
const siftedAtOnce = { first: 16, max: 1_000, growth: 4 } as const;

interface BlockDocument {
  /** The log and the key. */
  _id: string;
  from: string;
  bundled: boolean;
  base_ms: number;
  first_ms: number;
  last_ms: number;
  /** As JSON: as values of their own they would take more room than the lines. */
  runs: string;
  lines: Binary;
}

/** A block as it is kept. */
interface PackedBlock {
  block: LogBlock;
  lines: Uint8Array;
  sieve: Uint8Array | null;
}

interface SizeDocument {
  _id: string;
  text_bytes: Record<string, number>;
  stored_bytes: number;
  last_at: Date;
}

/** Of a log some of whose jobs were deleted. */
interface ForgottenDocument {
  _id: string;
  jobs: string[];
  at: Date;
}

/** An empty name is none that a path could hold. */
const ownJob = 'all';

/** Logs in MongoDB: blocks packed with zstd, found by the log and the order of storing. */
export class MongoLogStore extends LogStore {
  private readonly blocks: Collection<BlockDocument>;
  private readonly logSizes: Collection<SizeDocument>;
  private readonly forgotten: Collection<ForgottenDocument>;
  private readonly sieves: MongoBlockSieves;

  constructor(
    store: Store,
    private readonly packer: Pick<LogPacker, 'pack' | 'sift'> = new LogPacker(),
  ) {
    super();
    this.sieves = new MongoBlockSieves(store);
    this.blocks = store.collection<BlockDocument>(blockCollection);
    this.logSizes = store.collection<SizeDocument>(sizeCollection);
    this.forgotten = store.collection<ForgottenDocument>(forgottenCollection);
  }

  override async add(blocks: readonly LogBlock[]): Promise<number> {
    const packed = await Promise.all(blocks.map((block) => this.pack(block)));
    const kept = packed.filter((block) => block !== null);
    if (kept.length > 0) await this.insert(kept);
    return blocks.length - kept.length;
  }

  private async insert(packed: readonly PackedBlock[]): Promise<void> {
    // A block that is seen before its sieve is read. Of two writes none is under way any more when the other one's failure is told:
    // lines that come again would not find themselves, and be stored twice.
    const [sieved, stored] = await Promise.allSettled([
      this.sieves.add(packed.map(({ block, sieve }) => ({ _id: idOf(block), sieve }))),
      this.insertBlocks(packed.map(({ block, lines }) => documentOf(block, lines))),
    ]);
    if (stored.status === 'rejected') throw stored.reason;
    if (sieved.status === 'rejected') throw sieved.reason;
    const updates = packed.map(({ block, lines, sieve }) => ({
      updateOne: {
        filter: { _id: block.log },
        update: {
          $inc: {
            stored_bytes: lines.length + (sieve?.length ?? 0),
            ...textIncrements(block),
          },
          $max: { last_at: new Date(block.last_ms) },
        },
        upsert: true,
      },
    }));
    await this.logSizes.bulkWrite(updates, { ordered: true, ...quick });
  }

  /** One by itself is copied half as often by the driver. */
  private insertBlocks(documents: readonly BlockDocument[]): Promise<unknown> {
    const [first] = documents;
    if (first && documents.length === 1) return this.blocks.insertOne(first, quick);
    return this.blocks.insertMany(documents, { ordered: true, ...quick });
  }

  /** Null where what came packed are no such lines. */
  private async pack(block: LogBlock): Promise<PackedBlock | null> {
    const { lines } = block;
    if (block.packed !== undefined) {
      const sifted = await this.packer.sift(lines, unpackedBytesOf(block.runs));
      return sifted && { block, lines, sieve: sifted.sieve };
    }
    if (lines.length >= handedOverMin) return { block, ...(await this.packer.pack(lines)) };
    return { block, lines: await compressLines(lines), sieve: sieveOf(lines) };
  }

  override async holds(log: string, from: string): Promise<boolean> {
    return (await this.blocks.findOne({ ...ofLog(log), from }, { projection: { _id: 1 }, ...justWritten })) !== null;
  }

  override async *read(query: BlockQuery): AsyncIterable<LogBlock> {
    const { filter } = query;
    const ahead: Promise<LogBlock>[] = [];
    const text = Buffer.from(filter.text ?? '');
    for await (const document of isSiftable(text) ? this.sifted(query, text) : this.documents(query)) {
      const head = headOf(document);
      if (!mayHold(head, filter)) continue;
      const unpacked = decompressLines(document.lines.buffer, unpackedBytesOf(head.runs)).then((lines) => {
        // Without the text in it nothing of it is told.
        return lines.includes(text) ? ungrouped({ ...head, lines }) : { ...head, lines };
      });
      // Whoever stops reading leaves some of them behind.
      unpacked.catch(() => undefined);
      ahead.push(unpacked);
      if (ahead.length >= aheadMax) yield await (ahead.shift() as Promise<LogBlock>);
    }
    for (const block of ahead) yield await block;
  }

  private documents({ log, from, filter, newestFirst }: BlockQuery, ids?: readonly string[]): FindCursor<BlockDocument> {
    const wanted = ids ? { _id: { $in: [...ids] } } : ofLog(log, from);
    return this.blocks.find({ ...wanted, ...ofTime(filter) }, justWritten).sort({ _id: newestFirst ? -1 : 1 });
  }

  /** Those that may hold a text; and the newest one, so that whoever reads on later does not look through all of them again. */
  private async *sifted(query: BlockQuery, text: Uint8Array): AsyncIterable<BlockDocument> {
    const [newest] = await this.ids({ ...query, newestFirst: true }, 1);
    let last: string | undefined;
    for (let count: number = siftedAtOnce.first; ; count = Math.min(count * siftedAtOnce.growth, siftedAtOnce.max)) {
      const page = await this.ids(query, count, last);
      const heldBack = await this.sieves.holdingBack(page, text);
      const passing = page.filter((id) => id === newest || !heldBack.has(id));
      if (passing.length > 0) yield* this.documents(query, passing);
      if (page.length < count) return;
      last = page.at(-1);
    }
  }

  /** Ids of blocks by log and time, behind one of them in the order that is asked for. */
  private async ids({ log, from, filter, newestFirst }: BlockQuery, count: number, behind?: string): Promise<string[]> {
    const wanted = { ...idsOf(log, from), ...(behind === undefined ? {} : { [newestFirst ? '$lt' : '$gt']: behind }) };
    const found = this.blocks.find({ _id: wanted, ...ofTime(filter) }, justWritten).sort({ _id: newestFirst ? -1 : 1 });
    return (await found.limit(count).project<Pick<BlockDocument, '_id'>>({ _id: 1 }).toArray()).map(({ _id }) => _id);
  }

  override async outline({ log, filter }: Pick<BlockQuery, 'log' | 'filter'>): Promise<BlockHead[]> {
    const query = { ...ofLog(log), ...ofTime(filter) };
    const found = this.blocks.find(query, justWritten).project<Omit<BlockDocument, 'lines'>>({ lines: 0 }).sort({ _id: 1 });
    return (await found.toArray()).map(headOf).filter((head) => mayHold(head, filter));
  }

  override async sizes(logs: readonly string[]): Promise<Map<string, LogSize>> {
    const found = await this.logSizes.find({ _id: { $in: [...logs] } }, justWritten).toArray();
    return new Map(found.map((document) => [document._id, sizeOf(document)]));
  }

  override async forget(jobIds: readonly string[]): Promise<void> {
    const marks = [...Map.groupBy(jobIds, logIdOf)].map(([log, jobs]) => ({
      updateOne: {
        filter: { _id: log },
        update: { $addToSet: { jobs: { $each: jobs } }, $set: { at: new Date() } },
        upsert: true,
      },
    }));
    await this.forgotten.bulkWrite(marks, { ordered: false });
    for (const { log, places } of await this.forgottenOf(jobIds.map(logIdOf))) {
      if (places === null) await this.remove(log);
      else await this.removeRuns(log, this.read({ log, filter: {} }), places);
    }
  }

  override async dropForgotten(blocks: readonly LogBlock[]): Promise<void> {
    const byLog = Map.groupBy(blocks, ({ log }) => log);
    for (const { log, places } of await this.forgottenOf([...byLog.keys()])) {
      if (places === null) await this.remove(log);
      else await this.removeRuns(log, readable(byLog.get(log) ?? []), places);
    }
  }

  /** Which of these logs have deleted jobs: the places of those, or null where the whole log was of one. */
  private async forgottenOf(logs: readonly string[]): Promise<{ log: string; places: Set<string> | null }[]> {
    const found = await this.forgotten.find({ _id: { $in: [...logs] } }, justWritten).toArray();
    return found.map(({ _id: log, jobs }) => {
      const places = jobs.map(placeOfBundledJob);
      return { log, places: places.includes(null) ? null : new Set(places.map((place) => `0.${place?.index}`)) };
    });
  }

  override async *oldest(before?: Date): AsyncIterable<{ log: string; size: LogSize }> {
    const cursor = this.logSizes.find(before ? { last_at: { $lt: before } } : {}, justWritten).sort({ last_at: 1 });
    for await (const document of cursor) yield { log: document._id, size: sizeOf(document) };
  }

  /** The size goes last: by it a removal that was cut short is found again. */
  override async remove(log: string): Promise<void> {
    await this.blocks.deleteMany(ofLog(log));
    await this.sieves.remove(idsOf(log));
    await this.logSizes.deleteOne({ _id: log });
  }

  override async totals(): Promise<LogTotals> {
    const group = { _id: null, logs: { $sum: 1 }, storedBytes: { $sum: '$stored_bytes' } };
    const [sums] = await this.logSizes.aggregate<LogTotals>([{ $group: group }], justWritten).toArray();
    return { logs: sums?.logs ?? 0, storedBytes: sums?.storedBytes ?? 0 };
  }

  /** Takes the runs of deleted jobs out of the blocks that they share with others. */
  private async removeRuns(log: string, blocks: AsyncIterable<LogBlock>, places: ReadonlySet<string>): Promise<void> {
    const isKept = ([place]: LogRun): boolean => !places.has(place);
    for await (const block of blocks) {
      const rest = blockOf(block, isKept);
      if (rest === block) continue;
      const _id = idOf(block);
      await this.sieves.removeOf(_id);
      if (rest === null) await this.blocks.deleteOne({ _id });
      else await this.blocks.replaceOne({ _id }, documentOf(rest, await compressLines(rest.lines)));
    }
    const removed = Object.fromEntries([...places].map((place) => [`text_bytes.${place.slice(2)}`, '' as const]));
    await this.logSizes.updateOne({ _id: log }, { $unset: removed });
  }
}

function idOf({ log, key }: Pick<BlockHead, 'log' | 'key'>): string {
  return `${log}/${key}`;
}

/** `0` is the character behind the slash. */
function idsOf(log: string, from = ''): { $gte: string; $lt: string } {
  return { $gte: `${log}/${from}`, $lt: `${log}0` };
}

function ofLog(log: string, from?: string): Filter<BlockDocument> {
  return { _id: idsOf(log, from) };
}

function ofTime({ sinceMs, untilMs }: LogFilter): Filter<BlockDocument> {
  return {
    ...(sinceMs === undefined ? {} : { last_ms: { $gte: sinceMs } }),
    ...(untilMs === undefined ? {} : { first_ms: { $lt: untilMs } }),
  };
}

function documentOf(block: BlockHead, packed: Uint8Array): BlockDocument {
  const { from, bundled, base_ms, first_ms, last_ms, runs } = block;
  const lines = new Binary(packed);
  return { _id: idOf(block), from, bundled, base_ms, first_ms, last_ms, runs: JSON.stringify(runs), lines };
}

function headOf({ _id, from, bundled, base_ms, first_ms, last_ms, runs }: Omit<BlockDocument, 'lines'>): BlockHead {
  const slash = _id.indexOf('/');
  const times = { base_ms, first_ms, last_ms };
  return { log: _id.slice(0, slash), key: _id.slice(slash + 1), from, bundled, ...times, runs: JSON.parse(runs) as LogRun[] };
}

function textIncrements(block: LogBlock): Record<string, number> {
  return Object.fromEntries(Object.entries(textBytesOf(block)).map(([job, bytes]) => [`text_bytes.${job || ownJob}`, bytes]));
}

function sizeOf({ text_bytes, stored_bytes, last_at }: SizeDocument): LogSize {
  const entries = Object.entries(text_bytes ?? {}).map(([job, bytes]): [string, number] => [job === ownJob ? '' : job, bytes]);
  return { textBytes: Object.fromEntries(entries), storedBytes: stored_bytes, lastAt: last_at };
}
