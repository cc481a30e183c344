import type { Collection, MongoBulkWriteError } from 'mongodb';
import { inBackground, soon } from '@kintsugi/boundary';
import { jsonBytes, type AuditEntry, type AuditHead, type AuditService } from '@kintsugi/contracts';
import { duplicatesIn, isDuplicateKey } from '../duplicate-key.js';
import { ensureIndexes, untilReachable, type IndexDefinition } from '../ensure-indexes.js';
import { durable, type Store } from '../store.js';
import { chainStart, headOfEntry, linked, type AuditDraft, type ChainEnd } from './audit-chain.js';
import type { AuditKey } from './audit-key.js';

export const auditCollection = 'audit_entries';
const headCollection = 'audit_heads';
/** Entries of one write, and bytes of them, at most. */
const groupMax = 64;
const groupBytesMax = 4 * 1024 * 1024;
/** Calls without an outcome that are told of at once at most, and the newest calls that are looked through for them. */
const openMax = 1_000;
const askedMax = 100_000;

/** An entry as it is stored: its place is its id, so that no two processes write the same. */
export type StoredAuditEntry = Omit<AuditEntry, 'seq'> & { _id: number };
type StoredAuditHead = Omit<AuditHead, 'service'> & { _id: AuditService };

export interface AuditNote extends Omit<AuditDraft, 'at' | 'instance'> {
  /** The process that it is of, where another one writes it down. */
  instance?: string | undefined;
}

export interface AuditLogOptions {
  service: AuditService;
  /** Name of this process. */
  instance: string;
  /** Signs each entry; without one, entries are bound to each other and to nothing else. */
  key: AuditKey | null;
  /** Hears of the end of the chain, once it is kept. */
  onHead?: (head: AuditHead) => void;
}

const indexKeys: IndexDefinition['keys'][] = [
  { 'by.subjects': 1, _id: -1 },
  { 'by.actor.name': 1, _id: -1 },
  { 'by.tenant': 1, _id: -1 },
  { action: 1, _id: -1 },
  { phase: 1, _id: -1 },
  { at: 1 },
];
const auditIndexes = indexKeys.map((keys): IndexDefinition => ({ collection: auditCollection, keys }));
const outcomeIndex: IndexDefinition = {
  collection: auditCollection,
  keys: { call: 1 },
  options: { name: 'outcome', partialFilterExpression: { call: { $gt: 0 } } },
};

interface Waiting {
  note: AuditNote;
  /** Left out where it is there already. */
  isAgain: boolean;
  done: (entry: AuditEntry | null) => void;
  fail: (error: unknown) => void;
}

/**
 * Writes the chain of a service. What is to be written while a write is under way goes into the next one. Replicas write to one
 * chain: a place that another one has taken is left to it, and what is left is linked behind.
 */
export class AuditLog {
  private readonly entries: Collection<StoredAuditEntry>;
  private readonly heads: Collection<StoredAuditHead>;
  private readonly waiting: Waiting[] = [];
  private writing = false;
  private end: ChainEnd | null = null;
  private newest: AuditHead | null = null;
  private keeping: Promise<void> | null = null;

  constructor(
    private readonly store: Store,
    private readonly options: AuditLogOptions,
  ) {
    this.entries = store.collection<StoredAuditEntry>(auditCollection);
    this.heads = store.collection<StoredAuditHead>(headCollection);
  }

  async prepare(): Promise<void> {
    await ensureIndexes(this.store, [...auditIndexes, outcomeIndex]);
  }

  /** Resolves once the entry is safe. Rejects where the store is away: it may be there all the same. */
  async append(note: AuditNote): Promise<AuditEntry> {
    const entry = await this.written(note, false);
    if (!entry) throw new Error('What was not sent before is there.');
    return entry;
  }

  /** Tries for as long as the store is away, unless the signal ends it, and writes it once. What it tells of has happened. */
  async appendSurely(note: AuditNote, signal?: AbortSignal): Promise<void> {
    let isAgain = false;
    await untilReachable(async () => {
      if (isAgain && (await this.isThere(note))) return;
      isAgain = true;
      await this.append(note);
    }, signal);
  }

  /** Writes what another process has noted, once where it was sent before. Gives its place; null where it was there. */
  async keep(note: AuditNote, isAgain: boolean): Promise<{ seq: number | null }> {
    if (!isAgain) return { seq: (await this.append(note)).seq };
    return { seq: (await this.written(note, true))?.seq ?? null };
  }

  /**
   * Calls of which nobody has written what became of them: of a process of this name that has ended since, or from before a time.
   * @param begun when this process began: its own calls may be under way
   */
  async openCalls(before: Date, begun: Date): Promise<AuditEntry[]> {
    const { instance } = this.options;
    const outcome = { from: auditCollection, localField: '_id', foreignField: 'call', as: 'outcome' };
    const found = await this.entries
      .aggregate<StoredAuditEntry>([
        {
          $match: {
            phase: 'asked',
            $or: [{ instance, at: { $lt: begun.toISOString() } }, { at: { $lt: before.toISOString() } }],
          },
        },
        { $sort: { _id: -1 } },
        { $limit: askedMax },
        { $lookup: outcome },
        { $match: { outcome: [] } },
        { $limit: openMax },
        { $project: { outcome: 0 } },
      ])
      .toArray();
    return found.map(entryOf).reverse();
  }

  /** The newest entry of a phase. */
  async newestOf(phase: AuditEntry['phase']): Promise<AuditEntry | null> {
    const found = await this.entries.findOne({ phase }, { sort: { _id: -1 } });
    return found && entryOf(found);
  }

  /** What entries of a phase are about, from a time on. */
  async *subjectsSince(phase: AuditEntry['phase'], since: Date): AsyncGenerator<string> {
    const found = this.entries.find({ phase, at: { $gte: since.toISOString() } }, { projection: { by: 1 } });
    for await (const { by } of found) for (const { subjects } of by) yield* subjects;
  }

  /** What is kept of the end of the chain beside it. */
  async head(): Promise<AuditHead | null> {
    const head = await this.heads.findOne({ _id: this.options.service });
    if (!head) return null;
    const { _id: service, ...rest } = head;
    return { service, ...rest };
  }

  /** Resolves once the end of the chain is kept, or cannot be. */
  async settled(): Promise<void> {
    await this.keeping?.catch(() => undefined);
  }

  get publicKey(): string | null {
    return this.options.key?.publicKey.pem ?? null;
  }

  /** By its phase too: a call that was taken for cut off may have been carried out, and then that is what it did. */
  private async isThere({ phase, call, action, by }: AuditNote): Promise<boolean> {
    const same = call === null ? { phase, action, 'by.subjects': by[0]?.subjects[0] ?? '' } : { call, phase };
    return (await this.entries.findOne(same, { projection: { _id: 1 } })) !== null;
  }

  private written(note: AuditNote, isAgain: boolean): Promise<AuditEntry | null> {
    return new Promise((done, fail) => {
      this.waiting.push({ note, isAgain, done, fail });
      if (this.writing) return;
      this.writing = true;
      // After the current turn: what is noted together is written together.
      soon('audit-log', () => this.writeAll());
    });
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.take();
      try {
        const written = await this.write(group);
        group.forEach(({ done }, index) => done(written[index] ?? null));
      } catch (error) {
        this.end = null;
        for (const { fail } of group) fail(error);
      }
    }
    this.writing = false;
  }

  private take(): Waiting[] {
    let bytes = 0;
    const fitting = this.waiting
      .slice(0, groupMax)
      .findIndex(({ note, isAgain }) => isAgain || (bytes += jsonBytes(note)) > groupBytesMax);
    return this.waiting.splice(0, fitting < 0 ? groupMax : Math.max(fitting, 1));
  }

  private async write(group: readonly Waiting[]): Promise<AuditEntry[]> {
    const notes = group.map(({ note }) => note);
    // Such a one is alone in its group.
    const again = group.find(({ isAgain }) => isAgain)?.note;
    const written: AuditEntry[] = [];
    while (written.length < notes.length) {
      this.end ??= await this.readEnd(again ? 'majority' : 'local');
      // Up to this end it is not there, and the place behind it is given once: two processes do not both write it.
      if (again && (await this.isThere(again))) break;
      const entries = this.linkedBehind(this.end, notes.slice(written.length));
      const taken = await this.insert(entries);
      written.push(...entries.slice(0, taken));
      const last = written.at(-1);
      this.end = taken === entries.length && last ? last : null;
      if (last) this.keepHead(headOfEntry(last));
    }
    return written;
  }

  private linkedBehind(from: ChainEnd, notes: readonly AuditNote[]): AuditEntry[] {
    const { service, instance, key } = this.options;
    const at = new Date().toISOString();
    let end = from;
    return notes.map((note) => {
      const entry = linked(service, { ...note, at, instance: note.instance ?? instance }, end, key);
      end = entry;
      return entry;
    });
  }

  /** How many of them took their places; the one behind was taken by another process. */
  private async insert(entries: readonly AuditEntry[]): Promise<number> {
    const documents = entries.map(({ seq, ...entry }) => ({ _id: seq, ...entry }));
    try {
      await this.entries.insertMany(documents, { ordered: true, ...durable });
      return entries.length;
    } catch (error) {
      duplicatesIn(error);
      return (error as MongoBulkWriteError).insertedCount;
    }
  }

  private async readEnd(readConcern: 'local' | 'majority'): Promise<ChainEnd> {
    const last = await this.entries.findOne({}, { sort: { _id: -1 }, projection: { hash: 1 }, readConcern });
    return last ? { seq: last._id, hash: last.hash } : chainStart;
  }

  /** Beside the answers: it may be behind, and is not waited for. */
  private keepHead(head: AuditHead): void {
    this.newest = head;
    if (this.keeping) return;
    this.keeping = this.keepHeads();
    inBackground('audit-log.head', () => this.keeping);
  }

  private async keepHeads(): Promise<void> {
    try {
      while (this.newest) {
        const { service, ...kept } = this.newest;
        this.newest = null;
        await this.writeHead(service, kept);
      }
    } finally {
      this.keeping = null;
    }
  }

  private async writeHead(service: AuditService, kept: Omit<AuditHead, 'service'>): Promise<void> {
    try {
      await this.heads.updateOne({ _id: service, seq: { $lt: kept.seq } }, { $set: kept }, { upsert: true, ...durable });
      this.options.onHead?.({ service, ...kept });
    } catch (error) {
      // Another process has kept a later one.
      if (!isDuplicateKey(error)) throw error;
    }
  }
}

export function entryOf({ _id: seq, ...entry }: StoredAuditEntry): AuditEntry {
  return { seq, ...entry };
}
