import { describe, expect, test } from '@jest/globals';
import { sparkline } from './group-lines.js';

describe('a sparkline', () => {
  test.each([
    [[0, 0, 0], '   '],
    [[1, 2, 4, 8], '▁▂▄█'],
    [[1, 1000], '▁█'],
  ])('of %j', (counts, expected) => {
    expect(sparkline(counts)).toBe(expected);
  });
});
