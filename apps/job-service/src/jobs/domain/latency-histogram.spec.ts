import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { LatencyHistogram } from './latency-histogram.js';

describe('a latency histogram', () => {
  test('gives percentiles within five per cent of the exact ones, in whole microseconds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.1, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 }),
        fc.constantFrom(0.5, 0.9, 0.99),
        (values, share) => {
          const histogram = new LatencyHistogram();
          for (const value of values) histogram.add(value);
          const exact = [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)] as number;
          const told = histogram.percentile(share) as number;
          expect(Math.abs(told - exact)).toBeLessThan(0.05 * exact + 0.0005);
        },
      ),
    );
  });

  test('says nothing of nothing', () => {
    expect(new LatencyHistogram().summary()).toBeNull();
  });

  test('goes on where it was saved', () => {
    const histogram = new LatencyHistogram();
    for (const value of [1, 10, 100]) histogram.add(value);
    const restored = new LatencyHistogram(histogram.save());
    restored.add(1_000);
    histogram.add(1_000);
    expect(restored.summary()).toEqual(histogram.summary());
  });

  test('takes the longest and the shortest of times', () => {
    const histogram = new LatencyHistogram();
    for (const value of [0, -5, Number.MAX_VALUE]) histogram.add(value);
    expect(histogram.percentile(0.5)).toBeGreaterThanOrEqual(0);
  });
});
