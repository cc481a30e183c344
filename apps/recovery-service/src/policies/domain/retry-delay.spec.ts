import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { limits } from '@kintsugi/contracts';
import { rawDelaySeconds, retryDelayMs, type DelayRequest } from './retry-delay.js';

const backoff = { initial_delay: 5, max_delay: 3600, backoff_factor: 2 };
const delaySecondsMax = limits.retryDelaySeconds;

const anyBackoff = fc
  .record({
    initial_delay: fc.double({ min: 0, max: delaySecondsMax, noNaN: true }),
    extra: fc.double({ min: 0, max: delaySecondsMax, noNaN: true }),
    backoff_factor: fc.double({ min: 1, max: 100, noNaN: true }),
  })
  .map(({ extra, ...rest }) => ({ ...rest, max_delay: Math.min(delaySecondsMax, rest.initial_delay + extra) }));
const anyRetryNumber = fc.integer({ min: 1, max: 1_000_000 });
const anyRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

function delayOf({ random = 0.5, ...request }: Partial<DelayRequest & { random: number }>): number {
  return retryDelayMs(
    { backoff, retryNumber: 1, jitter: 'none', retryAfterMs: null, retryAfterMax: delaySecondsMax, ...request },
    random,
  );
}

describe('the delay before a retry', () => {
  test('grows by the factor and stops at the longest', () => {
    const delays = [1, 2, 3, 4, 10, 11, 12].map((retryNumber) => rawDelaySeconds(backoff, retryNumber));
    [5, 10, 20, 40, 2560, 3600, 3600].forEach((expected, position) => expect(delays[position]).toBeCloseTo(expected, 6));
  });

  test('is finite, never negative, never above the longest, and never shrinks with the retries', () => {
    fc.assert(
      fc.property(anyBackoff, anyRetryNumber, (given, retryNumber) => {
        const raw = rawDelaySeconds(given, retryNumber);
        expect(Number.isFinite(raw)).toBe(true);
        expect(raw).toBeGreaterThanOrEqual(0);
        expect(raw).toBeLessThanOrEqual(given.max_delay);
        expect(rawDelaySeconds(given, retryNumber + 1)).toBeGreaterThanOrEqual(raw);
      }),
    );
  });

  test('equals the formula wherever that can be computed', () => {
    fc.assert(
      fc.property(anyBackoff, fc.integer({ min: 1, max: 20 }), (given, retryNumber) => {
        const expected = Math.min(given.max_delay, given.initial_delay * given.backoff_factor ** (retryNumber - 1));
        const tolerance = 1e-9 * Math.max(1, expected);
        expect(Math.abs(rawDelaySeconds(given, retryNumber) - expected)).toBeLessThanOrEqual(tolerance);
      }),
    );
  });

  test('with full jitter is drawn from nothing to the computed delay', () => {
    fc.assert(
      fc.property(anyBackoff, anyRetryNumber, anyRandom, (given, retryNumber, random) => {
        const delay = delayOf({ backoff: given, retryNumber, random, jitter: 'full' });
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(Math.round(rawDelaySeconds(given, retryNumber) * 1000));
      }),
    );
    expect(delayOf({ jitter: 'full', random: 0 })).toBe(0);
    expect(delayOf({ jitter: 'full', random: 0.5 })).toBe(2_500);
  });

  test('with equal jitter is drawn from half the computed delay to all of it', () => {
    expect([0, 0.5, 1].map((random) => delayOf({ jitter: 'equal', random }))).toEqual([2_500, 3_750, 5_000]);
  });

  test('is what the failure asks for, jitter or not, up to the bound', () => {
    const ask = fc.integer({ min: 0, max: delaySecondsMax * 1000 });
    fc.assert(
      fc.property(ask, anyRandom, fc.constantFrom('full' as const, 'none' as const), (retryAfterMs, random, jitter) => {
        expect(delayOf({ retryAfterMs, random, jitter })).toBe(retryAfterMs);
      }),
    );
    expect(delayOf({ retryAfterMs: Number.MAX_SAFE_INTEGER })).toBe(delaySecondsMax * 1000);
    expect(delayOf({ retryAfterMs: 90_000, retryAfterMax: 60 })).toBe(60_000);
    expect(delayOf({ retryAfterMs: -1 })).toBe(0);
  });
});
