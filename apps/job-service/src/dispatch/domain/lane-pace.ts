import type { SafetyClass } from '@kintsugi/contracts';

/** Tasks of one slice at most, and how long a slice should keep one slot busy. */
const sliceMax = 128;
const sliceTargetUs = 10_000;
/** What passes between a report and the arrival of the next slice: tasks for that long are sent ahead. */
const turnaroundUs = 8_000;
/** Tasks that one worker holds at most, as a multiple of its slots and in all. */
const aheadMax = 40;
const heldMax = 4_096;
/** Weight of the newest report in the mean. */
const weight = 0.3;

/**
 * How fast the tasks of a lane run, and what follows from it: fast tasks travel in large slices and are sent ahead of
 * time, slow ones one by one to a free slot. Before the first report a lane counts as slow.
 */
export class LanePace {
  private meanUs: number | null = null;

  /** @param totalUs run time of `count` tasks together, in microseconds */
  record(totalUs: number, count: number): void {
    if (count === 0) return;
    const mean = totalUs / count;
    this.meanUs = this.meanUs === null ? mean : this.meanUs + weight * (mean - this.meanUs);
  }

  sliceSize(safety: SafetyClass): number {
    if (this.meanUs === null || safety === 'unsafe') return 1;
    return Math.max(1, Math.min(sliceMax, Math.floor(sliceTargetUs / Math.max(this.meanUs, 1))));
  }

  /** Tasks that a worker may hold. Unsafe tasks are never sent ahead: a lost worker would leave them unclear. */
  heldLimit(slots: number, safety: SafetyClass): number {
    if (this.meanUs === null || safety === 'unsafe') return slots;
    const ahead = Math.min(aheadMax, 1 + turnaroundUs / Math.max(this.meanUs, 1));
    return Math.min(Math.max(heldMax, slots), Math.floor(slots * ahead));
  }
}
