import { expect, test } from '@jest/globals';
import { sparkline } from './sparkline.js';

test.each([
  [[], 10, ''],
  [[0, 1, 8], 10, ' ▁█'],
  [[4, 4, 0, 0, 1, 1], 3, '█ ▂'],
  [[5], 0, '█'],
])('%j in %i columns is "%s"', (counts, columns, expected) => {
  expect(sparkline(counts, columns)).toBe(expected);
});
