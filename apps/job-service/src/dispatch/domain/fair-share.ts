import type { Chunk } from '../../tasks/domain/chunk.js';
import { hasReadyUnsuspected } from '../../tasks/domain/suspects.js';
import { VirtualTimes } from './virtual-times.js';

/** Who shares, from the widest to the narrowest. What one user asks for in bundles counts as one job, whose name is empty. */
export type Owners = readonly [tenant: string, user: string, job: string];

const depths = 3;

/**
 * What waits of one priority, as a tree: tenants share it evenly, the users of each share what is the tenant's, and their jobs
 * what is the user's. The chunks of a job go oldest first.
 */
export class FairShare {
  private readonly parts = new Map<string, FairShare>();
  private readonly times = new VirtualTimes();
  private readonly chunks: Chunk[] = [];

  get isEmpty(): boolean {
    return this.parts.size === 0 && this.chunks.length === 0;
  }

  add(owners: Owners, chunk: Chunk, depth = 0): void {
    if (depth === depths) {
      const after = this.chunks.findLastIndex(({ id }) => id < chunk.id);
      this.chunks.splice(after + 1, 0, chunk);
      return;
    }
    const name = owners[depth] as string;
    let part = this.parts.get(name);
    if (!part) this.parts.set(name, (part = new FairShare()));
    part.add(owners, chunk, depth + 1);
  }

  remove(owners: Owners, chunk: Chunk, depth = 0): void {
    if (depth === depths) {
      const position = this.chunks.findIndex(({ id }) => id === chunk.id);
      if (position >= 0) this.chunks.splice(position, 1);
      return;
    }
    const name = owners[depth] as string;
    const part = this.parts.get(name);
    part?.remove(owners, chunk, depth + 1);
    if (part?.isEmpty) this.parts.delete(name);
  }

  /** The oldest chunk that may run of whoever has had the least; of several who have, of the one who came first. */
  first(mayRun: (chunk: Chunk) => boolean): Chunk | undefined {
    if (this.parts.size === 0) return this.chunks.find((chunk) => hasReadyUnsuspected(chunk) && mayRun(chunk));
    let best: Chunk | undefined;
    let least = Infinity;
    for (const [name, part] of this.parts) {
      const time = this.times.of(name);
      if (time >= least) continue;
      const found = part.first(mayRun);
      if (found) [best, least] = [found, time];
    }
    return best;
  }

  /** Whoever was next has been given so many tasks. */
  charge(owners: Owners, tasks: number, depth = 0): void {
    if (depth === depths) return;
    const name = owners[depth] as string;
    this.times.charge(name, tasks);
    this.parts.get(name)?.charge(owners, tasks, depth + 1);
  }

  /** The chunks of one job. */
  chunksOf(owners: Owners, depth = 0): readonly Chunk[] {
    if (depth === depths) return this.chunks;
    return this.parts.get(owners[depth] as string)?.chunksOf(owners, depth + 1) ?? [];
  }

  /** The jobs of which something waits, as their chunks. */
  *jobs(depth = 0): Generator<readonly Chunk[]> {
    if (depth === depths) yield this.chunks;
    else for (const part of this.parts.values()) yield* part.jobs(depth + 1);
  }
}
