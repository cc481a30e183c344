import { expect, test } from '@jest/globals';
import { retryDelayMs } from './retry-delay.js';

test('a message waits four times as long after each try, give or take a fifth, and never longer than six hours', () => {
  expect([1, 2, 3].map((attempts) => retryDelayMs(attempts, 5_000, 0.5))).toEqual([5_000, 20_000, 80_000]);
  expect([0, 1].map((share) => retryDelayMs(1, 5_000, share))).toEqual([4_000, 6_000]);
  expect(retryDelayMs(50, 5_000, 0.5)).toBe(6 * 3_600_000);
});
