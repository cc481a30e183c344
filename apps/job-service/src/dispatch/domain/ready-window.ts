import type { Chunk } from '../../tasks/domain/chunk.js';
import { isolationOfReadySuspects, hasSuspects } from '../../tasks/domain/suspects.js';
import { FairShare, type Owners } from './fair-share.js';
import { LeftBundles } from './left-bundles.js';

/** Chunks of a queue that are looked ahead at most; more wait in the store. */
const chunksMax = 256;
/** Slices that others get first before tasks count as one priority more urgent than they are. */
const slicesPerLevel = 16;
/** Jobs that are remembered as short; those beyond are found when the window is low. */
const shortMax = 1_000;

/** What waits of one priority. */
interface Level {
  share: FairShare;
  /** Slices that had been given by all queues when this was last given one, or began to wait. */
  since: number;
}

/** How a window knows whose chunks are, and how many slices have been given by all queues. */
export interface WindowSurroundings {
  ownersOf: (chunk: Chunk) => Owners;
  slicesGiven: () => number;
}

/**
 * The ready chunks of one queue that are in memory, most urgent first. Those of one priority are shared fairly. It is `complete`
 * while no ready chunk of the queue is in the store alone; otherwise it is filled again from there before it runs dry.
 */
export class ReadyWindow {
  private readonly chunks: Chunk[] = [];
  private readonly owners = new Map<string, Owners>();
  private readonly levels: (Level | undefined)[] = [];
  private readonly withSuspects = new Set<Chunk>();
  complete = false;
  /**
   * How many of its chunks could start when the store was last asked and gave nothing new; null where something has changed since.
   * With fewer, as when their job was paused, others are asked for that were passed over then.
   */
  dryAt: number | null = null;
  /** Whether the store has chunks that may go before all that are here: it is asked for them however many these are. */
  isOutrun = false;
  /** Jobs and users of which next to nothing is here while the store has more, however many chunks of others are here. */
  readonly shortJobs = new Set<string>();
  readonly shortUsers = new Set<string>();
  /** Bundles that were offered and had to wait in the store. */
  readonly left = new LeftBundles();
  /** Jobs that were left out since it was last filled, because they run as many tasks as they may. */
  leftOut = new Set<string>();
  /** The keys whose limits have kept jobs out of it. */
  leftOutKeys: ReadonlySet<string> = new Set();

  constructor(private readonly surroundings: WindowSurroundings) {}

  get size(): number {
    return this.chunks.length;
  }

  get isOverfull(): boolean {
    return this.chunks.length > chunksMax;
  }

  has(chunk: Chunk): boolean {
    return this.owners.has(chunk.id);
  }

  /** Offers a chunk that has just become ready; false when it has to wait in the store. The first of a job or user never has to. */
  offer(chunk: Chunk): boolean {
    if (this.has(chunk)) {
      this.add(chunk);
      return true;
    }
    const last = this.chunks.at(-1);
    const beforeTheRest = last === undefined || goesBefore(chunk, last);
    const isTaken = this.chunks.length < chunksMax && (this.complete || beforeTheRest);
    if (!isTaken && this.countOf(chunk) > 0) {
      this.reopen();
      return false;
    }
    this.add(chunk);
    return true;
  }

  add(chunk: Chunk): void {
    if (hasSuspects(chunk)) this.withSuspects.add(chunk);
    if (this.owners.has(chunk.id)) return;
    let low = 0;
    let high = this.chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (goesBefore(chunk, this.chunks[middle] as Chunk)) high = middle;
      else low = middle + 1;
    }
    this.chunks.splice(low, 0, chunk);
    const owners = this.surroundings.ownersOf(chunk);
    this.owners.set(chunk.id, owners);
    const level = (this.levels[chunk.priority] ??= { share: new FairShare(), since: 0 });
    if (level.share.isEmpty) level.since = this.surroundings.slicesGiven();
    level.share.add(owners, chunk);
  }

  /** Takes out a chunk that is done with, or that others have. */
  remove(chunk: Chunk): void {
    this.dryAt = null;
    this.putAside(chunk);
  }

  /** Takes out a chunk that has to wait in the store. */
  putAside(chunk: Chunk): void {
    const owners = this.owners.get(chunk.id);
    if (!owners) return;
    this.owners.delete(chunk.id);
    this.withSuspects.delete(chunk);
    const position = this.chunks.findIndex((other) => other.id === chunk.id);
    if (position >= 0) this.chunks.splice(position, 1);
    this.levels[chunk.priority]?.share.remove(owners, chunk);
  }

  /**
   * Takes out and gives what is more than may be looked ahead, from the least urgent on: first what is not the only chunk of its job,
   * then of its tenant, and last what is not the only one of its priority. So whoever comes new is seen, however many wait.
   */
  trim(): Chunk[] {
    const rest: Chunk[] = [];
    const drop = (chunk: Chunk): void => {
      this.putAside(chunk);
      rest.push(chunk);
    };
    for (const chunk of [...this.chunks].reverse()) {
      if (!this.isOverfull) break;
      if (this.countOf(chunk) > 1) drop(chunk);
    }
    for (const isSpare of [hasSpareOfATenant, hasSpare]) {
      for (const level of this.levels) {
        while (level && this.isOverfull && isSpare(level)) drop(level.share.mostDispensable() as Chunk);
      }
    }
    if (rest.length > 0) this.complete = false;
    return rest;
  }

  /** The next chunk with a ready task that is no suspect and whose job may run one more. */
  first(mayRun: (chunk: Chunk) => boolean): Chunk | undefined {
    for (let priority = this.levels.length - 1; priority >= 0; priority -= 1) {
      const found = this.levels[priority]?.share.first(mayRun);
      if (found) return found;
    }
    return undefined;
  }

  /**
   * The next chunk of a lower priority which others have gone before for so long that it counts as one of this priority by now, and
   * by how many slices that were given meanwhile.
   */
  passedOver(priority: number, mayRun: (chunk: Chunk) => boolean): { chunk: Chunk; slices: number } | null {
    const last = this.chunks.at(-1);
    if (!last || last.priority >= priority) return null;
    const given = this.surroundings.slicesGiven();
    let best: { chunk: Chunk; slices: number } | null = null;
    for (let lower = last.priority; lower < priority; lower += 1) {
      const level = this.levels[lower];
      if (!level) continue;
      const slices = given - level.since;
      if (slices < slicesPerLevel * (priority - lower) || slices <= (best?.slices ?? 0)) continue;
      const chunk = level.share.first(mayRun);
      if (chunk) best = { chunk, slices };
    }
    return best;
  }

  get isShort(): boolean {
    return this.shortJobs.size > 0 || this.shortUsers.size > 0;
  }

  /** The store may have more than is here. */
  reopen(): void {
    this.complete = false;
    this.dryAt = null;
  }

  /** Next to nothing of a job is here, and the store has more. */
  noteShort(jobId: string): void {
    this.dryAt = null;
    if (this.shortJobs.size < shortMax) this.shortJobs.add(jobId);
  }

  /** So many tasks of a chunk have been given to a worker. */
  charge(chunk: Chunk, tasks: number): void {
    const [owners, level] = [this.owners.get(chunk.id), this.levels[chunk.priority]];
    if (!owners || !level) return;
    level.since = this.surroundings.slicesGiven();
    level.share.charge(owners, tasks);
  }

  /** Of the chunks with ready suspects, the one whose suspects need the least isolation: innocents are cleared first. */
  firstSuspects(mayRun: (chunk: Chunk) => boolean): { chunk: Chunk; isolation: number } | null {
    let best: { chunk: Chunk; isolation: number } | null = null;
    for (const chunk of this.withSuspects) {
      const isolation = isolationOfReadySuspects(chunk);
      if (isolation > (best?.isolation ?? 0) && mayRun(chunk)) best = { chunk, isolation };
    }
    return best;
  }

  /** The chunks that are here of a job and have its priority. */
  ofJob(owners: Owners, priority: number): readonly Chunk[] {
    return this.levels[priority]?.share.chunksOf(owners) ?? [];
  }

  /** The jobs of a priority of which something is here, as their chunks. */
  jobsOf(priority: number): Iterable<readonly Chunk[]> {
    return this.levels[priority]?.share.jobs() ?? [];
  }

  get contents(): readonly Chunk[] {
    return this.chunks;
  }

  private countOf(chunk: Chunk): number {
    return this.ofJob(this.owners.get(chunk.id) ?? this.surroundings.ownersOf(chunk), chunk.priority).length;
  }
}

function hasSpareOfATenant({ share }: Level): boolean {
  return share.largestPart > 1;
}

function hasSpare({ share }: Level): boolean {
  return share.size > 1;
}

function goesBefore(one: Chunk, other: Chunk): boolean {
  if (one.priority !== other.priority) return one.priority > other.priority;
  return one.id < other.id;
}
