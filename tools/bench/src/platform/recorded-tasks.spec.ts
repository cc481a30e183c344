import { expect, test } from '@jest/globals';
import { recordedIn } from './recorded-tasks.js';

test('a task that has failed and is not decided on has not ended', () => {
  const jobs = [
    { succeeded: 3, failed: 2, dead: 1, cancelled: 1 },
    { succeeded: 1, waiting_retry: 1, parked: 1, quarantined: 1, skipped: 1 },
  ];
  expect(recordedIn(jobs, 20)).toEqual({ done: 4, failed: 4, unfinished: 12 });
});
