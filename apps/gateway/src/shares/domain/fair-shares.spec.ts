import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FairShares, type Place } from './fair-shares.js';

function sharesOf(placesMax: number) {
  const shares = new FairShares(placesMax);
  const held = new Map<string, Place[]>();
  const take = (holder: string): boolean => {
    const forget = (place: Place | null) => {
      const own = held.get(holder) ?? [];
      held.set(
        holder,
        own.filter((each) => each !== place),
      );
    };
    const place = shares.take(holder, () => forget(place));
    if (place) held.set(holder, [...(held.get(holder) ?? []), place]);
    return place !== null;
  };
  const counts = () => Object.fromEntries([...held].map(([holder, places]) => [holder, places.length]));
  return { shares, take, counts, held };
}

describe('places that several want', () => {
  test('are all for the one who comes alone', () => {
    const { take, counts } = sharesOf(4);
    expect([1, 2, 3, 4, 5].map(() => take('a'))).toEqual([true, true, true, true, false]);
    expect(counts()).toEqual({ a: 4 });
  });

  test('are shared alike once others want some, and the newest go first', () => {
    const { take, counts, held } = sharesOf(4);
    for (let round = 0; round < 4; round += 1) take('a');
    const [oldest, second] = held.get('a') ?? [];
    expect([take('b'), take('b'), take('b')]).toEqual([true, true, false]);
    expect(take('a')).toBe(false);
    expect(counts()).toEqual({ a: 2, b: 2 });
    expect(held.get('a')).toEqual([oldest, second]);
    expect(take('c')).toBe(true);
    expect(Object.values(counts()).sort()).toEqual([1, 1, 2]);
  });

  test('are free again when they are released, once', () => {
    const { shares, take, held } = sharesOf(1);
    take('a');
    const [place] = held.get('a') ?? [];
    place?.release();
    place?.release();
    expect(shares.held).toBe(0);
    expect(take('b')).toBe(true);
    expect(take('c')).toBe(false);
  });

  test('are never more than there are, and nobody who wants one more is refused while another holds two more', () => {
    const holders = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const steps = fc.array(fc.record({ holder: holders, takes: fc.boolean() }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), steps, (placesMax, given) => {
        const { shares, take, counts, held } = sharesOf(placesMax);
        for (const { holder, takes } of given) {
          if (takes) {
            const before = counts();
            const got = take(holder);
            if (!got) expect(Math.max(...Object.values(before))).toBeLessThanOrEqual((before[holder] ?? 0) + 1);
          } else {
            held.get(holder)?.pop()?.release();
          }
          const total = Object.values(counts()).reduce((sum, count) => sum + count, 0);
          expect(shares.held).toBe(total);
          expect(total).toBeLessThanOrEqual(placesMax);
        }
      }),
    );
  });
});
