import type { HistoryAggregations, JobStatus } from '@kintsugi/contracts';

type Histogram = NonNullable<HistoryAggregations['histogram']>;

interface Counts {
  jobs: number;
  completed: number;
  failed: number;
}

/** Lengths that a reader knows, in seconds; the last two are a week and four. */
const lengths = [1, 5, 15, 60, 300, 900, 3_600, 10_800, 43_200, 86_400, 604_800, 2_419_200];

const bucketsMax = 100;

/**
 * Counts jobs by when they were accepted, in buckets of one length that begin at whole multiples of it. The length grows
 * with the time between the first job and the last, so that there are never more than 100.
 */
export class TimeHistogram {
  private buckets = new Map<number, Counts>();
  private length = 1_000;
  private first = Infinity;
  private last = -Infinity;

  /** A job that was accepted at a time, in epoch milliseconds. */
  add(time: number, status: JobStatus): void {
    this.first = Math.min(this.first, time);
    this.last = Math.max(this.last, time);
    while (this.bucketCount() > bucketsMax) this.coarsen();
    const start = this.startOf(time);
    const counts = this.buckets.get(start) ?? { jobs: 0, completed: 0, failed: 0 };
    counts.jobs += 1;
    if (status === 'completed' || status === 'failed') counts[status] += 1;
    this.buckets.set(start, counts);
  }

  /** All buckets from the first job to the last, or null where there was none. */
  result(): Histogram | null {
    if (this.buckets.size === 0) return null;
    const buckets = Array.from({ length: this.bucketCount() }, (_, index) => {
      const start = this.startOf(this.first) + index * this.length;
      return { start: new Date(start).toISOString(), ...(this.buckets.get(start) ?? { jobs: 0, completed: 0, failed: 0 }) };
    });
    return { bucket_s: this.length / 1_000, buckets };
  }

  private bucketCount(): number {
    return (this.startOf(this.last) - this.startOf(this.first)) / this.length + 1;
  }

  private startOf(time: number): number {
    return Math.floor(time / this.length) * this.length;
  }

  /** Each length holds the one before a whole number of times, so that counts move as they are. */
  private coarsen(): void {
    const seconds = lengths.find((longer) => longer * 1_000 > this.length);
    this.length = seconds === undefined ? this.length * 2 : seconds * 1_000;
    const fine = this.buckets;
    this.buckets = new Map();
    for (const [start, counts] of fine) {
      const coarse = this.startOf(start);
      const known = this.buckets.get(coarse);
      this.buckets.set(coarse, known ? sumOf(known, counts) : counts);
    }
  }
}

function sumOf(one: Counts, other: Counts): Counts {
  return { jobs: one.jobs + other.jobs, completed: one.completed + other.completed, failed: one.failed + other.failed };
}
