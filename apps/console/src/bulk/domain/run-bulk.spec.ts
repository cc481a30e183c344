import { expect, test } from '@jest/globals';
import { runBulk } from './run-bulk.js';

const pageSize = 4;

/** Numbers from 0, of which those that are told are left alone or refused. */
function workOf(count: number, { itemsMax = 100, stopAfter = Infinity }: { itemsMax?: number; stopAfter?: number } = {}) {
  const seen: number[] = [];
  const underWay = { now: 0, most: 0 };
  return {
    ...{ seen, underWay, itemsMax, width: 2 },
    next: async (cursor: string | null) => {
      const from = Number(cursor ?? 0);
      const items = Array.from({ length: Math.min(pageSize, count - from) }, (_, index) => from + index);
      return { items, cursor: from + pageSize < count ? String(from + pageSize) : null };
    },
    isMeant: (item: number) => item !== 1,
    carryOut: async (item: number) => {
      underWay.now += 1;
      underWay.most = Math.max(underWay.most, underWay.now);
      await Promise.resolve();
      underWay.now -= 1;
      seen.push(item);
      if (item % 5 === 3) throw new Error('no');
    },
    describe: (error: unknown) => (error as Error).message,
    onProgress: () => undefined,
    isStopped: () => seen.length >= stopAfter,
  };
}

test('goes through all pages, a few at once, and past what is refused', async () => {
  const work = workOf(10);
  expect(await runBulk(work)).toEqual({ done: 7, skipped: 1, failed: 2, reasons: ['no'], isOver: true });
  expect(work.seen).toEqual([0, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(work.underWay.most).toBe(2);
});

test('ends at its bound, and where it is stopped', async () => {
  expect(await runBulk(workOf(10, { itemsMax: 5 }))).toMatchObject({ done: 3, skipped: 1, failed: 1 });
  const stopped = workOf(10, { stopAfter: 3 });
  expect(await runBulk(stopped)).toMatchObject({ isOver: true });
  expect(stopped.seen).toEqual([0, 2, 3]);
});
