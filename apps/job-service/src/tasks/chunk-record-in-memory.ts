import { plainCopy } from '../platform/plain-copy.js';
import { standsAsWritten, type ChunkRecord, type MarkedChange } from './chunk-record.js';
import type { ChunkChange } from './domain/chunk-change.js';
import type { Chunk } from './domain/chunk.js';
import { chunkFrom, type ChunkDocument } from './mongo/chunk-document.js';
import { operationOf, type ChunkOperation } from './mongo/chunk-operation.js';

/** The documents that several records may share, as several processes share a database. */
export type StoredChunks = Map<string, ChunkDocument>;

/** Takes an operation to the documents and brings its answer back. */
export type Reach = <Answer>(operation: () => Answer) => Promise<Answer>;

export interface ChunkRecordInMemoryParts {
  stored: StoredChunks;
  epoch: () => number;
  /** Resolves while this replica surely leads. */
  sure?: () => Promise<void>;
  reach?: Reach;
}

/** The record of chunks without a database, for specs: it keeps to the same promises as the one in MongoDB. */
export class ChunkRecordInMemory implements ChunkRecord {
  private writes = 0;
  protected readonly stored: StoredChunks;
  protected readonly sure: () => Promise<void>;
  protected readonly reach: Reach;

  constructor(private readonly parts: ChunkRecordInMemoryParts) {
    this.stored = parts.stored;
    this.sure = parts.sure ?? (() => Promise.resolve());
    this.reach = parts.reach ?? ((operation) => Promise.resolve(operation()));
  }

  mark(change: ChunkChange): MarkedChange {
    this.writes += 1;
    return { change, epoch: this.parts.epoch(), write: this.writes };
  }

  async write(group: readonly MarkedChange[]): Promise<Chunk[]> {
    await this.sure();
    const applied = await this.reach(() => group.filter((marked) => apply(this.stored, operationOf(marked))).length);
    const voided = applied === group.length ? [] : await this.missing(group);
    await this.sure();
    return voided;
  }

  missing(group: readonly MarkedChange[]): Promise<Chunk[]> {
    return this.reach(() =>
      group
        .filter((marked) => !standsAsWritten(this.stored.get(marked.change.chunk.id), marked))
        .map(({ change }) => change.chunk),
    );
  }

  load(ids: readonly string[]): Promise<Chunk[]> {
    return this.reach(() =>
      this.live()
        .filter(({ _id }) => ids.includes(_id))
        .map(copyOf),
    );
  }

  ready(queue: string, exceptIds: readonly string[], exceptJobs: readonly string[], limit: number): Promise<Chunk[]> {
    return this.reach(() => {
      const found = this.live()
        .filter((document) => document.queue === queue && document.ready > 0)
        .filter(({ _id, job_id: jobId }) => !exceptIds.includes(_id) && !(jobId !== null && exceptJobs.includes(jobId)))
        .sort((one, other) => other.priority - one.priority || (one._id < other._id ? -1 : 1));
      return found.slice(0, limit).map(copyOf);
    });
  }

  readyOf(queue: string, jobId: string, exceptIds: readonly string[], limit: number): Promise<Chunk[]> {
    return this.reach(() => {
      const found = this.live()
        .filter((document) => document.queue === queue && document.ready > 0 && document.job_id === jobId)
        .filter(({ _id }) => !exceptIds.includes(_id))
        .sort((one, other) => other.priority - one.priority || (one._id < other._id ? -1 : 1));
      return found.slice(0, limit).map(copyOf);
    });
  }

  leasedBefore(): Promise<string[]> {
    const isHeld = ({ epoch, leases }: ChunkDocument): boolean =>
      epoch !== this.parts.epoch() && leases.some(({ lost }) => !lost);
    return this.reach(() =>
      this.all()
        .filter(isHeld)
        .map(({ _id }) => _id),
    );
  }

  protected all(): ChunkDocument[] {
    return [...this.stored.values()];
  }

  /** Those that are part of an accepted job. */
  protected live(): ChunkDocument[] {
    return this.all().filter(({ staged_at }) => staged_at === undefined);
  }
}

/** Each read gives chunks of its own, as one over a wire does. */
export function copyOf(document: ChunkDocument): Chunk {
  const { extras, outbox } = document;
  return chunkFrom({ ...document, extras: plainCopy(extras), outbox: plainCopy(outbox) });
}

/** What of MongoDB's operations the writes of chunks use. Gives whether it applied. */
function apply(stored: StoredChunks, operation: ChunkOperation): boolean {
  if ('insertOne' in operation) {
    const { document } = operation.insertOne;
    if (stored.has(document._id)) return false;
    stored.set(document._id, { ...document, extras: plainCopy(document.extras) });
    return true;
  }
  if (!('updateOne' in operation)) throw new Error('A chunk is inserted or updated.');
  const { filter, update } = operation.updateOne as { filter: Partial<ChunkDocument> & { _id: string }; update: ChunkUpdate };
  const known = stored.get(filter._id);
  if (!known || Object.entries(filter).some(([field, value]) => known[field as keyof ChunkDocument] !== value)) {
    return false;
  }
  const document = { ...known, extras: plainCopy(known.extras), outbox: [...known.outbox] };
  for (const [path, value] of Object.entries(update.$set)) placeAt(document, path, value);
  for (const path of Object.keys(update.$unset ?? {})) placeAt(document, path, undefined);
  document.outbox.push(...(update.$push?.outbox.$each ?? []));
  stored.set(filter._id, document);
  return true;
}

interface ChunkUpdate {
  $set: Record<string, unknown>;
  $unset?: Record<string, ''>;
  $push?: { outbox: { $each: ChunkDocument['outbox'] } };
}

function placeAt(document: ChunkDocument, path: string, value: unknown): void {
  const steps = path.split('.');
  const last = steps.pop() as string;
  const owner = steps.reduce((at, step) => at[step] as Record<string, unknown>, document as unknown as Record<string, unknown>);
  if (value === undefined) delete owner[last];
  else owner[last] = value;
}
