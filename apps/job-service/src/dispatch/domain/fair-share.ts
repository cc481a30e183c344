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
  /** Chunks of all. */
  size = 0;

  get isEmpty(): boolean {
    return this.size === 0;
  }

  add(owners: Owners, chunk: Chunk, depth = 0): void {
    this.size += 1;
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

  /** Takes a chunk out that was added for these owners. */
  remove(owners: Owners, chunk: Chunk, depth = 0): void {
    this.size -= 1;
    if (depth === depths) {
      this.chunks.splice(
        this.chunks.findIndex(({ id }) => id === chunk.id),
        1,
      );
      return;
    }
    const name = owners[depth] as string;
    const part = this.parts.get(name);
    part?.remove(owners, chunk, depth + 1);
    if (part?.isEmpty) this.parts.delete(name);
  }

  /** How many chunks whoever has the most here has. */
  get largestPart(): number {
    return Math.max(0, ...[...this.parts.values()].map(({ size }) => size));
  }

  /**
   * The chunk that is missed the least: of the tenant with the most chunks here, and of its user with the most, the newest. Of
   * several with as many, of the one whose turn comes last.
   */
  mostDispensable(depth = 0): Chunk | undefined {
    if (depth === depths - 1) return [...this.jobs(depth)].flat().reduce((one, other) => (other.id > one.id ? other : one));
    let [largest, last]: [FairShare | undefined, number] = [undefined, 0];
    for (const [name, part] of this.parts) {
      const time = this.times.of(name);
      if (largest && (part.size < largest.size || (part.size === largest.size && time < last))) continue;
      [largest, last] = [part, time];
    }
    return largest?.mostDispensable(depth + 1);
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
