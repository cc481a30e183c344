import type { Chunk } from './domain/chunk.js';
import type { ChunkStore } from './mongo/chunk-store.js';

/**
 * The chunks that are in memory because something is happening in them: one object each, so that every change of a
 * chunk sees the one before. What is quiet is let go and read again when needed.
 */
export class LiveChunks {
  private readonly chunks = new Map<string, Chunk>();
  private readonly loading = new Map<string, Promise<void>>();

  constructor(
    private readonly store: ChunkStore,
    /** Whether something still needs the chunk in memory. */
    private readonly isNeeded: (chunk: Chunk) => boolean,
  ) {}

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
    return chunk;
  }

  /** The chunks of these ids that exist, read from the store where they are not in memory. */
  async obtain(ids: readonly string[]): Promise<Chunk[]> {
    const unknown = [...new Set(ids)].filter((id) => !this.chunks.has(id));
    const reading = unknown.filter((id) => !this.loading.has(id));
    if (reading.length > 0) {
      const read = this.read(reading);
      for (const id of reading) this.loading.set(id, read);
    }
    await Promise.all(unknown.map((id) => this.loading.get(id)));
    return [...new Set(ids)].flatMap((id) => this.chunks.get(id) ?? []);
  }

  /** Lets a chunk go if nothing needs it. */
  release(chunk: Chunk): void {
    if (this.chunks.get(chunk.id) === chunk && !this.isNeeded(chunk)) this.chunks.delete(chunk.id);
  }

  /** Forgets a chunk whose changes are void. */
  drop(chunk: Chunk): void {
    if (this.chunks.get(chunk.id) === chunk) this.chunks.delete(chunk.id);
  }

  private async read(ids: string[]): Promise<void> {
    try {
      for (const chunk of await this.store.load(ids)) this.add(chunk);
    } finally {
      for (const id of ids) this.loading.delete(id);
    }
  }
}
