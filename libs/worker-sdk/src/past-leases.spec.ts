import { beforeEach, expect, test } from '@jest/globals';
import { PastLeases } from './past-leases.js';

let nowMs: number;
let past: PastLeases;

beforeEach(() => {
  nowMs = 1_000_000;
  past = new PastLeases(() => nowMs);
});

test('a lease that was let go is known for half a minute at least, and for a minute at most', () => {
  nowMs += 29_000;
  past.add('chunk#1');
  nowMs += 30_000;
  expect(past.has('chunk#1')).toBe(true);
  nowMs += 30_000;
  expect(past.has('chunk#1')).toBe(false);
});

test('a lease is forgotten also where none was let go since', () => {
  past.add('chunk#1');
  nowMs += 60_000;
  expect(past.has('chunk#1')).toBe(false);
});
