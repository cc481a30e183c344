import { describe, expect, test } from '@jest/globals';
import { medianOf, pairedRatio, percentilesOf, summaryOf } from './statistics.js';

describe('the median', () => {
  test('is the middle of an odd number of values, in whatever order they come', () => {
    expect(medianOf([9, 1, 5])).toBe(5);
  });

  test('lies halfway between the two middle ones of an even number', () => {
    expect(medianOf([4, 1, 3, 2])).toBe(2.5);
  });

  test('of nothing is an error and not a zero', () => {
    expect(() => medianOf([])).toThrow('no values');
  });
});

test('a summary keeps every run beside the median and the range', () => {
  expect(summaryOf([30, 10, 20])).toEqual({ median: 20, min: 10, max: 30, runs: [30, 10, 20] });
});

describe('percentiles', () => {
  test('of latencies from 1 to 1,000 ms are where they must be, to three digits', () => {
    const latencies = Array.from({ length: 1_000 }, (_, index) => index + 1);
    const { samples, p50Ms, p99Ms, maxMs } = percentilesOf(latencies);
    expect(samples).toBe(1_000);
    expect(p50Ms).toBeGreaterThan(499);
    expect(p50Ms).toBeLessThan(502);
    expect(p99Ms).toBeGreaterThan(989);
    expect(p99Ms).toBeLessThan(992);
    expect(maxMs).toBeGreaterThan(999);
  });

  test('tell fractions of a millisecond apart', () => {
    const { p50Ms } = percentilesOf([0.75, 0.75, 0.75]);
    expect(p50Ms).toBeGreaterThan(0.74);
    expect(p50Ms).toBeLessThan(0.76);
  });
});

describe('a ratio', () => {
  test('compares runs of the same round and takes the median of that', () => {
    expect(pairedRatio(summaryOf([100, 10, 40]), summaryOf([10, 5, 10]))).toBe(4);
  });

  test('is null when one side was not measured', () => {
    expect(pairedRatio(summaryOf([1]), undefined)).toBeNull();
    expect(pairedRatio(undefined, summaryOf([1]))).toBeNull();
  });
});
