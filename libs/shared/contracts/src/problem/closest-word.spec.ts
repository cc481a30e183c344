import { expect, test } from '@jest/globals';
import { closestWord } from './closest-word.js';

const known = ['completed', 'failed', 'product_id', 'all'];

test.each([
  ['Completed', 'completed'],
  ['complete', 'completed'],
  ['productId', 'product_id'],
  ['faield', 'failed'],
  ['ended', null],
  ['al', null],
  ['', null],
  ['x'.repeat(1_000_000), null],
])('%.20s is taken for %p', (word, meant) => {
  expect(closestWord(word, known)).toBe(meant);
});
