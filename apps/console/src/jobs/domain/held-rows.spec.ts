import { expect, test } from '@jest/globals';
import { heldRows } from './held-rows.js';

const row = (id: string, at = 0) => ({ id, at });

test('rows that are held keep their places and show what is new of them; new ones wait', () => {
  const held = [row('b'), row('a')];
  expect(heldRows(held, [row('c'), row('b', 1)])).toEqual({ rows: [row('b', 1), row('a')], waiting: 1 });
});

test('rows that are not held are as they are now', () => {
  expect(heldRows(null, [row('c')])).toEqual({ rows: [row('c')], waiting: 0 });
});
