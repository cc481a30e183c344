import { expect, test } from '@jest/globals';
import { BodyBytes } from './body-bytes.js';

const mebibyte = 1024 ** 2;

test.each([
  ['of one piece', [5], 5],
  ['of some pieces', [3, 0, 4], 7],
  ['of nothing', [], 0],
  ['that tells no length', [mebibyte, mebibyte, 17], 0],
  ['that is large', [400_000, 700_000, 65_536, 1], 1_165_537],
  ['of which a large piece comes first', [2 * mebibyte, 9], 2 * mebibyte + 9],
  ['that is shorter than it tells', [mebibyte, 9], 2 * mebibyte],
])('a body %s is as it came', (_, lengths, announced) => {
  const bytes = new BodyBytes(announced);
  const pieces = lengths.map((length, at) => Buffer.alloc(length, at + 1));
  for (const piece of pieces) bytes.push(piece);
  expect(bytes.take().equals(Buffer.concat(pieces))).toBe(true);
});
