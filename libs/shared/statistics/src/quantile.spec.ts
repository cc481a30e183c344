import { expect, test } from '@jest/globals';
import { quantileOf } from './quantile.js';

test.each([
  [[], 0.5, null],
  [[7], 0, 7],
  [[7], 1, 7],
  [[1, 2, 3, 4], 0.5, 2],
  [[1, 2, 3, 4, 5], 0.5, 3],
  [[1, 2, 3, 4], 0.99, 4],
  [[1, 2, 3, 4], 0.25, 1],
])('of %j, the share of %d is %j', (values, share, expected) => {
  expect(quantileOf(values, share)).toBe(expected);
});
