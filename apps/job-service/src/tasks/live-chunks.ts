import { Injectable } from '@nestjs/common';
import { ChunkChanges } from './chunk-changes.js';
import { ChunkRecord } from './chunk-record.js';
import { ChunkWriter } from './chunk-writer.js';
import type { Chunk } from './domain/chunk.js';

/** Chunks that stay while it is decided about tasks that failed. Of more, those that have stayed for longest are let go. */
export const undecidedMax = 64;

/**
 * The chunks that are in memory because something is happening in them: one object each, so that every change of a
 * chunk sees the one before. What is quiet is let go and read again when needed.
 */
@Injectable()
export class LiveChunks {
  private readonly chunks = new Map<string, Chunk>();
  private readonly loading = new Map<string, Promise<ReadonlySet<string>>>();
  private readonly pins = new Map<string, number>();
  /** Of each read under way, the chunks that have left memory since it was asked. */
  private readonly reads = new Set<Set<string>>();

  /** A decision about a failed task mostly comes within a second: its chunk is not read again for it. */
  private readonly undecided = new Set<Chunk>();
  private readonly needs: ((chunk: Chunk) => boolean)[] = [];

  constructor(
    private readonly record: ChunkRecord,
    private readonly writer: ChunkWriter,
    private readonly changes: ChunkChanges,
  ) {
    changes.observe({ written: ({ chunk }) => this.noteWritten(chunk), conflicted: (chunk) => this.drop(chunk) });
  }

  /** Keeps chunks in memory for as long as `isNeeded` says so of them. */
  keepWhile(isNeeded: (chunk: Chunk) => boolean): void {
    this.needs.push(isNeeded);
  }

  get(id: string): Chunk | undefined {
    return this.chunks.get(id);
  }

  /** Ids of the jobs that have chunks here. */
  jobIds(): Set<string> {
    const ids = new Set<string>();
    for (const { identity } of this.chunks.values()) if (identity.jobId !== null) ids.add(identity.jobId);
    return ids;
  }

  ids(): string[] {
    return [...this.chunks.keys()];
  }

  get all(): Iterable<Chunk> {
    return this.chunks.values();
  }

  /** Takes a chunk in, unless it is in already; gives the one that is in. */
  add(chunk: Chunk): Chunk {
    const known = this.chunks.get(chunk.id);
    if (known) return known;
    this.chunks.set(chunk.id, chunk);
    this.changes.tellEntered(chunk);
    return chunk;
  }

  /**
   * Runs what asks the record for chunks and takes them in. A chunk that has been in memory since then may have been changed
   * and let go: what was read of it is not current, and whoever took it in would give its tasks out a second time.
   */
  async reading<Result>(work: (isCurrent: (id: string) => boolean) => Promise<Result>): Promise<Result> {
    const left = new Set<string>();
    this.reads.add(left);
    try {
      return await work((id) => !left.has(id));
    } finally {
      this.reads.delete(left);
    }
  }

  /** Keeps chunks that are in memory, or come there, while `work` runs. */
  async hold<Result>(ids: readonly string[], work: () => Promise<Result>): Promise<Result> {
    for (const id of ids) this.pins.set(id, (this.pins.get(id) ?? 0) + 1);
    try {
      return await work();
    } finally {
      for (const id of ids) this.unpin(id);
    }
  }

  /** Runs `work`, at once when all are in memory, on the chunks of these ids that exist. */
  async use<Result>(ids: readonly string[], work: (chunks: Chunk[]) => Result): Promise<Result> {
    const wanted = [...new Set(ids)];
    const absent = new Set<string>();
    for (;;) {
      const unknown = wanted.filter((id) => !this.chunks.has(id) && !absent.has(id));
      if (unknown.length === 0) return work(wanted.flatMap((id) => this.chunks.get(id) ?? []));
      for (const id of await this.load(unknown)) absent.add(id);
    }
  }

  /** Lets a chunk go if nothing needs it. */
  release(chunk: Chunk): void {
    if (this.pins.has(chunk.id) || this.isNeeded(chunk)) return;
    this.drop(chunk);
  }

  /** Forgets a chunk whose changes are void. */
  drop(chunk: Chunk): void {
    if (this.chunks.get(chunk.id) !== chunk) return;
    this.chunks.delete(chunk.id);
    this.undecided.delete(chunk);
    for (const left of this.reads) left.add(chunk.id);
  }

  private noteWritten(chunk: Chunk): void {
    // One with ready tasks is found in the store by those who share slots out, where it is not in memory.
    const isUndecided = chunk.count('failed') > 0 && chunk.count('ready') === 0;
    if (isUndecided && this.chunks.get(chunk.id) === chunk) this.undecided.add(chunk);
    else this.undecided.delete(chunk);
    this.release(chunk);
    const [first] = this.undecided;
    if (!first || this.undecided.size <= undecidedMax) return;
    this.undecided.delete(first);
    this.release(first);
  }

  private isNeeded(chunk: Chunk): boolean {
    const isHeld = this.undecided.has(chunk) || chunk.state.leases.some(({ lost }) => !lost);
    return isHeld || this.writer.isBusy(chunk) || this.needs.some((isNeeded) => isNeeded(chunk));
  }

  private unpin(id: string): void {
    const pins = (this.pins.get(id) ?? 1) - 1;
    if (pins > 0) {
      this.pins.set(id, pins);
      return;
    }
    this.pins.delete(id);
    const chunk = this.chunks.get(id);
    if (chunk) this.release(chunk);
  }

  /** Reads chunks in, each once however many ask for it, and gives those that do not exist. */
  private async load(ids: readonly string[]): Promise<string[]> {
    const unasked = ids.filter((id) => !this.loading.has(id));
    if (unasked.length > 0) {
      const reading = this.read(unasked);
      for (const id of unasked) this.loading.set(id, reading);
    }
    const absent = await Promise.all(ids.map((id) => this.loading.get(id)));
    return ids.filter((id, position) => absent[position]?.has(id));
  }

  private async read(ids: readonly string[]): Promise<ReadonlySet<string>> {
    try {
      return await this.reading(async (isCurrent) => {
        const found = (await this.record.load(ids)).filter(({ id }) => isCurrent(id));
        for (const chunk of found) this.add(chunk);
        const known = new Set(found.map(({ id }) => id));
        return new Set(ids.filter((id) => isCurrent(id) && !known.has(id)));
      });
    } finally {
      for (const id of ids) this.loading.delete(id);
    }
  }
}
