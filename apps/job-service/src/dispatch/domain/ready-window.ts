import type { Chunk } from '../../tasks/domain/chunk.js';
import { isolationOfReadySuspects, hasReadyUnsuspected, hasSuspects } from '../../tasks/domain/suspects.js';

/** Chunks of a queue that are looked ahead at most; more wait in the store. */
const chunksMax = 256;

/**
 * The ready chunks of one queue that are in memory, most urgent and oldest first. It is `complete` while no ready
 * chunk of the queue is in the store alone; otherwise it is filled again from there before it runs dry.
 */
export class ReadyWindow {
  private readonly chunks: Chunk[] = [];
  private readonly ids = new Set<string>();
  private readonly withSuspects = new Set<Chunk>();
  complete = false;
  /** Whether the store has chunks that may go before all that are here: it is asked for them however many these are. */
  isOutrun = false;
  /** Jobs that were left out of the last filling because they run as many tasks as they may. */
  leftOut: ReadonlySet<string> = new Set();
  /** The keys whose limits have kept jobs out of it. */
  leftOutKeys: ReadonlySet<string> = new Set();

  get size(): number {
    return this.chunks.length;
  }

  has(chunk: Chunk): boolean {
    return this.ids.has(chunk.id);
  }

  /** Offers a chunk that has just become ready; false when it has to wait in the store. */
  offer(chunk: Chunk): boolean {
    if (this.has(chunk)) {
      this.add(chunk);
      return true;
    }
    const last = this.chunks.at(-1);
    const beforeTheRest = last === undefined || goesBefore(chunk, last);
    if ((!this.complete && !beforeTheRest) || this.chunks.length >= chunksMax) {
      this.complete = false;
      return false;
    }
    this.add(chunk);
    return true;
  }

  add(chunk: Chunk): void {
    if (hasSuspects(chunk)) this.withSuspects.add(chunk);
    if (this.ids.has(chunk.id)) return;
    let low = 0;
    let high = this.chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (goesBefore(chunk, this.chunks[middle] as Chunk)) high = middle;
      else low = middle + 1;
    }
    this.chunks.splice(low, 0, chunk);
    this.ids.add(chunk.id);
  }

  remove(chunk: Chunk): void {
    if (!this.ids.delete(chunk.id)) return;
    this.withSuspects.delete(chunk);
    const position = this.chunks.findIndex((other) => other.id === chunk.id);
    if (position >= 0) this.chunks.splice(position, 1);
  }

  /** Takes out and gives what is more than may be looked ahead, from the least urgent on. */
  trim(): Chunk[] {
    const rest = this.chunks.slice(chunksMax);
    for (const chunk of rest) this.remove(chunk);
    if (rest.length > 0) this.complete = false;
    return rest;
  }

  /** The first chunk with a ready task that is no suspect and whose job may run one more. */
  first(mayRun: (chunk: Chunk) => boolean): Chunk | undefined {
    return this.chunks.find((chunk) => hasReadyUnsuspected(chunk) && mayRun(chunk));
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

  get contents(): readonly Chunk[] {
    return this.chunks;
  }
}

function goesBefore(one: Chunk, other: Chunk): boolean {
  if (one.priority !== other.priority) return one.priority > other.priority;
  return one.id < other.id;
}
