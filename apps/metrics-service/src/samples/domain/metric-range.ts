import { jobMetricsMax } from '@kintsugi/contracts';
import type { BucketRange } from './usage-buckets.js';
import { resolutionMs, resolutions, type Resolution } from './usage-record.js';

export interface AskedRange {
  start: number;
  end: number;
  /** Null for what suits. */
  intervalMs: number | null;
  now: number;
  /** How long records of each resolution are kept, in milliseconds. */
  keptMs: Record<Resolution, number>;
}

export interface MetricRange extends BucketRange {
  resolution: Resolution;
  isWidened: boolean;
}

/** Buckets that a chart can show. */
const bucketsWanted = 200;
const second = 1_000;
const widestStep = 604_800 * second;
const steps = [10, 30, 60, 300, 900, 1_800, 3_600, 10_800, 21_600, 86_400, 604_800].map((seconds) => seconds * second);
/** Records of each resolution are read for no more time than this: there are some for each job, worker and turn. */
const readMax: Record<Resolution, number> = { sample: 2 * 3_600_000, minute: 7 * 86_400_000, hour: Infinity };

/** The buckets for a time that is asked for, and what they can be made of. */
export function metricRangeOf({ start, end, intervalMs, now, keptMs }: AskedRange): MetricRange {
  const lengthMs = Math.max(1, end - start);
  const wanted = intervalMs ?? steps.find((step) => lengthMs / step <= bucketsWanted) ?? widestStep;
  const resolution =
    resolutions.find((one) => {
      const isFineEnough = one === 'hour' || wanted < resolutionMs[one === 'sample' ? 'minute' : 'hour'];
      return isFineEnough && lengthMs <= readMax[one] && now - start <= keptMs[one];
    }) ?? 'hour';
  let step = Math.max(wanted, resolutionMs[resolution]);
  while (lengthMs / step > jobMetricsMax.buckets - 1) step = steps.find((wider) => wider > step) ?? step * 2;
  const first = Math.floor(start / step) * step;
  return {
    ...{ start: first, intervalMs: step, count: Math.max(1, Math.ceil((end - first) / step)) },
    ...{ resolution, isWidened: intervalMs !== null && step > intervalMs },
  };
}

/** A duration as texts say it: `10s`, `5m`, `1h`, `1d`. */
export function intervalText(ms: number): string {
  for (const [unit, length] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
  ] as const) {
    if (ms % length === 0) return `${ms / length}${unit}`;
  }
  return `${ms / second}s`;
}
