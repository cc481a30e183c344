import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TokenBucket } from './token-bucket.js';

test('begins empty, fills at its rate, and holds no more than its burst', () => {
  const bucket = new TokenBucket(1_000);
  const rate = { perSecond: 2, burst: 3 };
  expect([bucket.available(1_000, rate), bucket.dueIn(1_000, rate)]).toEqual([0, 500]);
  expect([bucket.available(1_500, rate), bucket.dueIn(1_500, rate)]).toEqual([1, 0]);
  expect(bucket.available(60_000, rate)).toBe(3);
  bucket.take(3);
  expect([bucket.available(60_000, rate), bucket.dueIn(60_100, rate)]).toEqual([0, 400]);
});

test('in no span of time gives more than its burst and what comes in that span, through any number of restarts', () => {
  const steps = fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 2_000 }), restarts: fc.boolean() }), { maxLength: 60 });
  const rates = fc.record({ perSecond: fc.double({ min: 0.5, max: 50, noNaN: true }), burst: fc.integer({ min: 1, max: 20 }) });
  fc.assert(
    fc.property(steps, rates, (given, rate) => {
      let now = 0;
      let bucket = new TokenBucket(now);
      const taken: [at: number, count: number][] = [];
      for (const { afterMs, restarts } of given) {
        now += afterMs;
        if (restarts) bucket = new TokenBucket(now);
        const count = bucket.available(now, rate);
        bucket.take(count);
        taken.push([now, count]);
      }
      taken.forEach(([from], first) => {
        let sum = 0;
        for (const [at, count] of taken.slice(first)) {
          sum += count;
          expect(sum).toBeLessThanOrEqual(rate.burst + ((at - from) / 1_000) * rate.perSecond + 1e-3);
        }
      });
    }),
  );
});
