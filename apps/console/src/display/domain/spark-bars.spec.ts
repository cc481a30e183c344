import { expect, test } from '@jest/globals';
import { barsOf } from './spark-bars.js';

test('the highest count is as tall as there is room, and nothing is told from little', () => {
  expect(barsOf([0, 10, 5, 1])).toEqual({
    none: 'M0 24h20v-1h-20z',
    some: 'M25 24h20v-24h-20zM50 24h20v-12h-20zM75 24h20v-3h-20z',
  });
});

test('counts of nothing are as many low bars', () => {
  const { none, some } = barsOf([0, 0, 0]);
  expect([none.match(/z/g)?.length, some]).toEqual([3, '']);
});
