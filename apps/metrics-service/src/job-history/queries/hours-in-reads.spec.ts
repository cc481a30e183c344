import { expect, test } from '@jest/globals';
import { inReads } from './hours-in-reads.js';

const hoursOf = (count: number, bytes: number) =>
  Array.from({ length: count }, (_, hour) => ({ hour, version: 0, parts: 1, bytes }));

test('hours are read in their order, first one and then twice as many each time, up to a number', () => {
  const hours = hoursOf(300, 1_000);
  const reads = inReads(hours);
  expect(reads.map(({ length }) => length)).toEqual([1, 2, 4, 8, 16, 32, 64, 64, 64, 45]);
  expect(reads.flat()).toEqual(hours);
});

test('no more hours are read at once than fit into memory at ease', () => {
  expect(inReads(hoursOf(6, 6_000_000)).map(({ length }) => length)).toEqual([1, 2, 2, 1]);
  expect(inReads(hoursOf(3, 20_000_000)).map(({ length }) => length)).toEqual([1, 1, 1]);
});
