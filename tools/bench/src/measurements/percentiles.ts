import * as hdr from 'hdr-histogram-js';

export interface Percentiles {
  samples: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

const microsecondsOfMillisecond = 1_000;
const significantDigits = 3;
const longestMs = 10 * 60 * 1_000;

/** Percentiles of latencies, by a histogram with three significant digits; those of none are no zeros, which would pass any bar. */
export function percentilesOf(latenciesMs: readonly number[]): Percentiles {
  if (latenciesMs.length === 0) throw new Error('There are no percentiles of nothing.');
  const histogram = hdr.build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: longestMs * microsecondsOfMillisecond,
    numberOfSignificantValueDigits: significantDigits,
  });
  for (const latencyMs of latenciesMs) histogram.recordValue(Math.max(1, Math.round(latencyMs * microsecondsOfMillisecond)));
  const at = (percentile: number): number => histogram.getValueAtPercentile(percentile) / microsecondsOfMillisecond;
  return { samples: latenciesMs.length, p50Ms: at(50), p99Ms: at(99), maxMs: histogram.maxValue / microsecondsOfMillisecond };
}
