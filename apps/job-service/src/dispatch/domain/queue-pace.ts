import type { SafetyClass } from '@kintsugi/contracts';

/** Tasks of one slice at most, and how long a slice should keep one slot busy. */
const sliceMax = 128;
const sliceTargetUs = 10_000;
/** What passes between a report and the arrival of the next slice: tasks for that long are sent ahead. */
const turnaroundUs = 8_000;
/** Work ahead of the slots at most, as if one thread had to do it all: what is more urgent waits no longer behind it. */
const aheadMaxUs = 200_000;
/** Tasks that one worker holds at most. */
const heldMax = 8_192;
/** Weight of the newest report in the mean. */
const weight = 0.3;

/**
 * How fast the tasks of a queue run, and what follows from it: fast tasks travel in large slices and are sent ahead of
 * time, slow ones one by one to a free slot. Before the first report a queue counts as slow. Where all tasks fail, they travel in
 * slices as well, and none ahead.
 */
export class QueuePace {
  private meanUs: number | null = null;
  private spreadUs = 0;
  /** What runs take that fail. It may say little of those that succeed, and counts only until one has. */
  private failedUs: number | null = null;

  /** @param totalUs run time of `count` tasks together, in microseconds */
  record(totalUs: number, count: number): void {
    if (count === 0) return;
    const mean = totalUs / count;
    // Of the mean of many the deviation is that of one, divided by the square root of how many they are.
    if (this.meanUs !== null) this.spreadUs += weight * (Math.abs(mean - this.meanUs) * Math.sqrt(count) - this.spreadUs);
    this.meanUs = this.meanUs === null ? mean : this.meanUs + weight * (mean - this.meanUs);
  }

  /** @param totalUs run time of `count` tasks together that have failed, in microseconds */
  recordFailed(totalUs: number, count: number): void {
    if (count === 0) return;
    const mean = totalUs / count;
    this.failedUs = this.failedUs === null ? mean : this.failedUs + weight * (mean - this.failedUs);
  }

  /** What a task takes, and its mean absolute deviation, in milliseconds; null before the first report. */
  get taskMs(): { meanMs: number; spreadMs: number } | null {
    return this.meanUs === null ? null : { meanMs: this.meanUs / 1_000, spreadMs: this.spreadUs / 1_000 };
  }

  sliceSize(safety: SafetyClass): number {
    const meanUs = this.meanUs ?? this.failedUs;
    if (meanUs === null || safety === 'unsafe') return 1;
    return Math.max(1, Math.min(sliceMax, Math.floor(sliceTargetUs / Math.max(meanUs, 1))));
  }

  /** Tasks that a worker may hold: as many as run at once until one has succeeded. Unsafe tasks are never sent ahead: a lost worker would leave them unclear. */
  heldLimit(slots: number, safety: SafetyClass): number {
    if (this.meanUs === null || safety === 'unsafe') return slots;
    const mean = Math.max(this.meanUs, 1);
    const ahead = Math.min((slots * turnaroundUs) / mean, Math.max(slots, aheadMaxUs / mean));
    return Math.min(Math.max(heldMax, slots), Math.floor(slots + ahead));
  }
}
