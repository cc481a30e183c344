import { describe, expect, test } from '@jest/globals';
import { shareUnchanged } from './share-unchanged.js';

interface Row {
  id: string;
  counts: { done: number };
  labels: string[];
}

const row = (id: string, done = 0): Row => ({ id, counts: { done }, labels: ['a', 'b'] });
const share = <Value>(before: unknown, now: Value): Value => shareUnchanged(before, now) as Value;

describe('what has not changed in a list', () => {
  const before = { items: [row('b'), row('a')], next_cursor: null };

  test('stays what it was where a new one comes before it', () => {
    const { items } = share(before, { items: [row('c'), row('b'), row('a', 1)], next_cursor: null });
    expect(items[0]).toEqual(row('c'));
    expect(items[1]).toBe(before.items[0]);
    expect(items[2]).toEqual(row('a', 1));
    expect(items[2]).not.toBe(before.items[1]);
    expect(items[2]?.labels).toBe(before.items[1]?.labels);
  });

  test('stays what it was where others have left', () => {
    expect(share(before, { items: [row('a')], next_cursor: null }).items[0]).toBe(before.items[1]);
  });

  test('is the whole answer where nothing has changed', () => {
    expect(share(before, structuredClone(before))).toBe(before);
  });
});

test.each<[string, unknown, unknown]>([
  ['the order of rows', [row('a'), row('b')], [row('b'), row('a')]],
  ['the order of words', ['a', 'b'], ['b', 'a']],
  ['a word that is gone', ['a', 'b'], ['a']],
  ['a field that is gone', { a: 1, b: 2 }, { a: 1 }],
  ['a field that is new and undefined', { a: 1 }, { a: 1, b: undefined }],
  ['a field in place of another', { a: 1, b: undefined }, { a: 1, c: undefined }],
  ['nothing before', undefined, { a: 1 }],
  ['null', { a: { b: 1 } }, { a: null }],
  ['what is no JSON', { at: new Date(1) }, { at: new Date(2) }],
])('%s is told as it is now', (_what, before, now) => {
  const shared = shareUnchanged(before, now);
  expect(shared).toStrictEqual(now);
  expect(shared).not.toBe(before);
});
