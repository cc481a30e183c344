import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { wilsonInterval } from './wilson-interval.js';

describe('the interval of a rate', () => {
  // By the formula, in double precision, apart from this code.
  test.each([
    [0, 10, 0, 0.2775328],
    [1, 10, 0.01787621, 0.40415],
    [5, 10, 0.2365931, 0.7634069],
    [10, 10, 0.7224672, 1],
    [81, 263, 0.2552885, 0.3662096],
  ])('of %i in %i', (hits, trials, low, high) => {
    const [from, to] = wilsonInterval(hits, trials) ?? [];
    expect(from).toBeCloseTo(low, 5);
    expect(to).toBeCloseTo(high, 5);
  });

  test('is none without a trial', () => {
    expect(wilsonInterval(0, 0)).toBeNull();
  });

  test('holds the rate, lies within 0 and 1, and narrows with the trials', () => {
    const counts = fc
      .integer({ min: 1, max: 1e6 })
      .chain((trials) => fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials)));
    fc.assert(
      fc.property(counts, ([hits, trials]) => {
        const [low, high] = wilsonInterval(hits, trials) ?? [2, -1];
        const [lower, higher] = wilsonInterval(hits * 4, trials * 4) ?? [2, -1];
        const rate = hits / trials;
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(rate + 1e-12);
        expect(high).toBeGreaterThanOrEqual(rate - 1e-12);
        expect(higher - lower).toBeLessThan(high - low);
      }),
    );
  });
});
