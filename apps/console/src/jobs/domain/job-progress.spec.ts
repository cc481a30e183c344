import { expect, test } from '@jest/globals';
import { jobStatuses, type BatchJob } from '@kintsugi/contracts';
import { canBePrioritised, deedsFor, durationOf, markOf, sharesOf, unservedTypes } from './job-progress.js';

const jobWith = (fields: Partial<BatchJob>) =>
  ({
    total_tasks: 10,
    task_counts: {},
    detailed_status: { progress_percentage: 40 },
    started_at: null,
    finished_at: null,
    ...fields,
  }) as BatchJob;

test('shares are of all tasks, and of what a producer reports where there are none', () => {
  const counts = { succeeded: 5, dead: 1, quarantined: 1, running: 2, skipped: 1 } as BatchJob['task_counts'];
  expect(sharesOf(jobWith({ task_counts: counts }))).toEqual({ good: 50, bad: 20, busy: 20, off: 10 });
  expect(sharesOf(jobWith({ total_tasks: null }))).toEqual({ good: 40, bad: 0, busy: 0, off: 0 });
});

test('a job lasts from its start to its end, or to now', () => {
  const started_at = '2026-03-01T12:00:00.000Z';
  expect(durationOf(jobWith({}), 0)).toBeNull();
  expect(durationOf(jobWith({ started_at }), Date.parse(started_at) + 5_000)).toBe(5_000);
  expect(durationOf(jobWith({ started_at, finished_at: '2026-03-01T12:00:01.500Z' }), 0)).toBe(1_500);
});

test('what can be asked follows from the state', () => {
  expect(deedsFor({ status: 'failed' })).toEqual(['retry', 'delete']);
  expect(deedsFor({ status: 'running' })).toEqual(['pause', 'cancel']);
  expect(deedsFor({ status: 'paused' })).toEqual(['resume', 'cancel']);
});

test('a job has a priority to set as long as something of it may run', () => {
  const settable = ['scheduled', 'pending', 'running', 'paused', 'recovering'];
  expect(jobStatuses.filter((status) => canBePrioritised({ status })).sort()).toEqual(settable.sort());
});

test('types without a worker are told once, with how many wait', () => {
  const job = (type: string, waiting_reason?: 'NO_WORKER') => ({ type, ...(waiting_reason ? { waiting_reason } : {}) });
  expect(unservedTypes([job('a', 'NO_WORKER'), job('b'), job('c', 'NO_WORKER'), job('c', 'NO_WORKER')])).toEqual([
    { type: 'c', jobs: 2 },
    { type: 'a', jobs: 1 },
  ]);
});

test('a job that cannot go on by itself is marked, and where nobody runs it with that', () => {
  const wedged = { wedge_id: 'w', reason: 'CIRCLE', certain: true, what: 'a → a', do: 'Cancel it.', since: 't' } as const;
  const supposed = { wedged: { ...wedged, certain: false } };
  expect([{}, { wedged }, supposed, { waiting_reason: 'NO_WORKER', wedged } as const].map(markOf)).toEqual([
    null,
    'wedged',
    'supposed',
    'unserved',
  ]);
});
