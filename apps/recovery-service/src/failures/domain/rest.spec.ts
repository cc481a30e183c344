import { expect, test } from '@jest/globals';
import { restMsAfter } from './rest.js';

test('a batch of failures is followed by a rest as long as it took, and by no longer one than a quarter of a second', () => {
  expect([0, 3, 250, 9_000].map(restMsAfter)).toEqual([0, 3, 250, 250]);
});
