import { describe, expect, test } from '@jest/globals';
import { differenceOf } from './difference.js';

const run = (attempt: number, result = 'started') => ({ attempt, result });

describe('the difference of two documents', () => {
  test('names the fields that are new, changed or gone, and no other', () => {
    const before = { kept: { a: [1] }, changed: 'x', gone: 1, unnamed: undefined, emptied: 7 };
    const after = { kept: { a: [1] }, changed: 'y', added: null, emptied: undefined };
    expect(differenceOf(before, after)).toEqual({ set: { changed: 'y', added: null }, unset: ['gone', 'emptied'] });
  });

  test('names the elements of a list that are new or changed', () => {
    const after = { runs: [run(1), run(2, 'failed'), run(3)] };
    expect(differenceOf({ runs: [run(1), run(2)] }, after)).toEqual({
      set: { 'runs.1': run(2, 'failed'), 'runs.2': run(3) },
      unset: [],
    });
  });

  test('is the same for documents that have changed alike', () => {
    const changed = (name: string) => differenceOf({ name, runs: [run(1)] }, { name, runs: [run(1), run(2)] });
    expect(changed('ann')).toEqual(changed('bob'));
  });

  test.each([
    ['shorter', [run(1), run(2)], [run(1)]],
    ['another', [1, 2, 3, 4, 5].map((n) => run(n)), [2, 3, 4, 5, 6].map((n) => run(n))],
  ])('has a list whole that is %s', (_name, runs, after) => {
    expect(differenceOf({ runs }, { runs: after })).toEqual({ set: { runs: after }, unset: [] });
  });
});
