import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lookMsMax, lookThrough, type Looking } from './look-through.js';

/** Records are their places, and some of them match. */
function lookingAt(records: number, isMatch: (at: number) => boolean, msOfStep: number) {
  const steps = { taken: 0 };
  const looking: Looking<number, number> = {
    edge: async (from, count) => {
      const at = (from ?? -1) + count;
      return at < records ? at : null;
    },
    matches: async (from, to, limit) => {
      steps.taken += 1;
      const start = (from ?? -1) + 1;
      return Array.from({ length: (to ?? records - 1) - start + 1 }, (_, at) => start + at)
        .filter(isMatch)
        .slice(0, limit);
    },
    spentMs: () => steps.taken * msOfStep,
  };
  return { looking, steps };
}

describe('what no index leads to', () => {
  test('is looked for until there is enough of it, and no further', async () => {
    const { looking, steps } = lookingAt(1_000_000, (at) => at % 10 === 0, 1);
    expect(await lookThrough(looking, null, 50)).toEqual({ found: Array.from({ length: 50 }, (_, n) => n * 10), reached: null });
    expect(steps.taken).toBe(1);
  });

  test('is looked for until the time is over, and told how far', async () => {
    const { looking, steps } = lookingAt(1_000_000, (at) => at === 999_999, lookMsMax / 3);
    expect(await lookThrough(looking, null, 50)).toEqual({ found: [], reached: 3_499 });
    expect(steps.taken).toBe(3);
  });

  test('is found whole and once by those who go on where the page before has ended', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 20_000 }),
        fc.integer({ min: 1, max: 3_000 }),
        fc.integer({ min: 1, max: 40 }),
        async (records, every, limit) => {
          const { looking } = lookingAt(records, (at) => at % every === 0, 60);
          const all: number[] = [];
          for (let from: number | null = null; ;) {
            const { found, reached }: { found: number[]; reached: number | null } = await lookThrough(looking, from, limit);
            all.push(...found);
            if (reached === null && found.length < limit) break;
            from = reached ?? found.at(-1) ?? null;
          }
          expect(all).toEqual(Array.from({ length: Math.ceil(records / every) }, (_, at) => at * every));
        },
      ),
      { numRuns: 30 },
    );
  });
});
