import type { JobMetricName, MetricSeries } from '@kintsugi/contracts';
import type { UsageRecord } from './usage-record.js';

export interface BucketRange {
  /** Epoch milliseconds of the first bucket, a multiple of the interval. */
  start: number;
  intervalMs: number;
  count: number;
}

/** What one worker did for the job within a bucket. */
interface Part {
  coveredMs: number;
  cpuMs: number;
  memoryMib: number | null;
}

interface Bucket {
  byWorker: Map<string, Part>;
  ended: number;
  runMs: number;
}

/** What one job used, in buckets of time: aligned, and with gaps where nobody sampled it. */
export class UsageBuckets {
  private readonly buckets = new Map<number, Bucket>();
  private readonly bases = new Set<'measured' | 'shared'>();

  constructor(private readonly range: BucketRange) {}

  /**
   * A record lies evenly over the time that it is of, and a bucket gets its part of it.
   * @param lengthMs of that time: the span itself, or a whole minute or hour of which it may have sampled a part
   */
  add(record: UsageRecord, lengthMs: number): void {
    const from = record.at - lengthMs / 2;
    const to = from + lengthMs;
    const { start, intervalMs, count } = this.range;
    const first = Math.max(0, Math.floor((from - start) / intervalMs));
    const last = Math.min(count - 1, Math.ceil((to - start) / intervalMs) - 1);
    this.bases.add(record.measured ? 'measured' : 'shared');
    for (let index = first; index <= last; index += 1) {
      const begin = start + index * intervalMs;
      const share = lengthMs === 0 ? 1 : (Math.min(to, begin + intervalMs) - Math.max(from, begin)) / lengthMs;
      if (share > 0) this.addPart(index, record, Math.min(1, share));
    }
  }

  series(metric: JobMetricName): MetricSeries {
    const values = Array.from({ length: this.range.count }, (_, index) => {
      const bucket = this.buckets.get(index);
      return bucket ? rounded(valueOf[metric](bucket)) : null;
    });
    const known = values.filter((value) => value !== null);
    const max = known.length === 0 ? null : known.reduce((most, value) => Math.max(most, value));
    return { unit: units[metric], basis: this.basisOf(metric), values, mean: rounded(this.meanOf(metric)), max };
  }

  private addPart(index: number, record: UsageRecord, share: number): void {
    const bucket = this.buckets.get(index) ?? { byWorker: new Map<string, Part>(), ended: 0, runMs: 0 };
    this.buckets.set(index, bucket);
    const part = bucket.byWorker.get(record.worker) ?? { coveredMs: 0, cpuMs: 0, memoryMib: null };
    bucket.byWorker.set(record.worker, part);
    part.coveredMs += record.spanMs * share;
    part.cpuMs += record.cpuMs * share;
    if (record.memoryMib !== null) part.memoryMib = Math.max(part.memoryMib ?? 0, record.memoryMib);
    bucket.ended += (record.done + record.failed) * share;
    bucket.runMs += record.runMs * share;
  }

  private meanOf(metric: JobMetricName): number | null {
    const all = [...this.buckets.values()];
    const sum = (of: (bucket: Bucket) => number): number => all.reduce((total, bucket) => total + of(bucket), 0);
    if (all.length === 0) return null;
    if (metric === 'memory') {
      const known = all.map(valueOf.memory).filter((value) => value !== null);
      return known.length === 0 ? null : known.reduce((total, value) => total + value, 0) / known.length;
    }
    if (metric === 'duration') {
      return ratio(
        sum(({ runMs }) => runMs),
        sum(({ ended }) => ended),
      );
    }
    const covered = sum(coveredMsOf);
    return metric === 'cpu' ? ratio(sum(cpuMsOf), covered) : ratio(sum(({ ended }) => ended) * 1_000, covered);
  }

  private basisOf(metric: JobMetricName): MetricSeries['basis'] {
    if (this.bases.size === 0) return 'none';
    // Runs are counted and timed as they end, wherever they run.
    if (metric === 'duration' || metric === 'throughput') return 'measured';
    return this.bases.size > 1 ? 'mixed' : ([...this.bases][0] as 'measured' | 'shared');
  }
}

const units = { cpu: 'cores', memory: 'MiB', duration: 'ms', throughput: '1/s' } as const;

const valueOf: Record<JobMetricName, (bucket: Bucket) => number | null> = {
  cpu: (bucket) => ratio(cpuMsOf(bucket), coveredMsOf(bucket)),
  memory: ({ byWorker }) => {
    const known = [...byWorker.values()].flatMap(({ memoryMib }) => memoryMib ?? []);
    return known.length === 0 ? null : known.reduce((sum, mib) => sum + mib, 0);
  },
  duration: ({ runMs, ended }) => ratio(runMs, ended),
  throughput: (bucket) => ratio(bucket.ended * 1_000, coveredMsOf(bucket)),
};

/** How much of a bucket was sampled: that of the worker that was sampled longest, for they run side by side. */
function coveredMsOf({ byWorker }: Bucket): number {
  return [...byWorker.values()].reduce((most, { coveredMs }) => Math.max(most, coveredMs), 0);
}

function cpuMsOf({ byWorker }: Bucket): number {
  return [...byWorker.values()].reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10_000) / 10_000;
}
