import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TaskIdSet } from './task-id-set.js';

describe('a set of task ids', () => {
  test('answers as a Set does', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.string({ maxLength: 4 }), { maxLength: 2_000 }), (seed, ids) => {
        const expected = new Set<string>();
        const set = new TaskIdSet(seed);
        for (const id of ids) {
          expect(set.add(id)).toBe(!expected.has(id));
          expected.add(id);
        }
        expect(set.size).toBe(expected.size);
      }),
    );
  });

  test.each([
    ['counted', (index: number) => `t${index}`],
    ['counted with zeros', (index: number) => String(index).padStart(12, '0')],
    ['counted at the front', (index: number) => `${index}-customer@example.com`],
    ['in two counters', (index: number) => `${index % 1000}/${Math.floor(index / 1000)}`],
  ])('takes a million ids %s for different ones, and knows them again', (_, idOf) => {
    const set = new TaskIdSet(12345);
    let added = 0;
    for (let index = 0; index < 1_000_000; index += 1) if (set.add(idOf(index))) added += 1;
    expect(added).toBe(1_000_000);
    expect(set.add(idOf(0))).toBe(false);
    expect(set.add(idOf(999_999))).toBe(false);
  });
});
