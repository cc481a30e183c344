import { expect, test } from '@jest/globals';
import { delaysOf } from './delays.js';

const policy = { max_attempts: 5, initial_delay: 5, max_delay: 30, backoff_factor: 2 };

test('each wait is longer than the one before, up to the longest', () => expect(delaysOf(policy, 9)).toEqual([5, 10, 20, 30]));

test('of many waits the first are told, and of one attempt none', () => {
  expect(delaysOf(policy, 2)).toEqual([5, 10]);
  expect(delaysOf({ ...policy, max_attempts: 1 }, 9)).toEqual([]);
});
