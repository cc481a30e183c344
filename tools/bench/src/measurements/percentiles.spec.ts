import { describe, expect, test } from '@jest/globals';
import { percentilesOf } from './percentiles.js';

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

  test('of nothing are an error, and not the best of all figures', () => {
    expect(() => percentilesOf([])).toThrow('percentiles of nothing');
  });
});
