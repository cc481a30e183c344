import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TokenBuckets } from './token-buckets.js';

describe('a bucket of tokens', () => {
  test('gives a second of requests at once, and then as many as come in', () => {
    const buckets = new TokenBuckets(10);
    for (let count = 9; count >= 0; count -= 1) expect(buckets.take('a', 1, 0)).toEqual({ taken: true, left: count, waitMs: 0 });
    expect(buckets.take('a', 1, 0)).toEqual({ taken: false, left: 0, waitMs: 100 });
    expect(buckets.take('a', 1, 50)).toEqual({ taken: false, left: 0, waitMs: 50 });
    expect(buckets.take('a', 1, 100)).toMatchObject({ taken: true });
    expect(buckets.take('a', 1, 100)).toMatchObject({ taken: false });
  });

  test('is of one name only', () => {
    const buckets = new TokenBuckets(1);
    expect(buckets.take('a', 1, 0)).toMatchObject({ taken: true });
    expect(buckets.take('b', 1, 0)).toMatchObject({ taken: true });
    expect(buckets.take('a', 1, 0)).toMatchObject({ taken: false });
  });

  test('gives what weighs more than it holds when it is full', () => {
    const buckets = new TokenBuckets(10);
    expect(buckets.take('a', 50, 0)).toEqual({ taken: true, left: 0, waitMs: 0 });
    expect(buckets.take('a', 50, 500)).toEqual({ taken: false, left: 5, waitMs: 500 });
    expect(buckets.take('a', 50, 1_000)).toMatchObject({ taken: true });
  });

  test('lets nobody have more than the rate and a second of it, however requests come', () => {
    const asked = fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 30 })), { maxLength: 100 });
    fc.assert(
      fc.property(asked, fc.constantFrom(0.5, 1, 7, 100), (requests, perSecond) => {
        const buckets = new TokenBuckets(perSecond);
        let now = 0;
        let given = 0;
        for (const [pauseMs, tokens] of requests) {
          now += pauseMs;
          if (buckets.take('a', tokens, now).taken) given += Math.min(tokens, buckets.size);
        }
        expect(given).toBeLessThanOrEqual(buckets.size + (now / 1_000) * perSecond + 1e-6);
      }),
    );
  });

  test('keeps no more names than it may, and lets go of those first that lose nothing', () => {
    const buckets = new TokenBuckets(10, 3);
    buckets.take('early', 10, 0);
    buckets.take('a', 10, 900);
    buckets.take('b', 10, 900);
    buckets.take('c', 10, 1_000);
    expect(buckets.kept).toBe(3);
    expect(buckets.take('a', 1, 900)).toMatchObject({ taken: false });
    for (let index = 0; index < 100; index += 1) buckets.take(`other ${index}`, 10, 1_000);
    expect(buckets.kept).toBe(3);
  });
});
