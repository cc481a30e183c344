import { expect, test } from '@jest/globals';
import type { BatchJob } from '@kintsugi/contracts';
import { stepsOf } from './job-steps.js';

const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 12, 0, second)).toISOString();
const job = (fields: Partial<BatchJob>) =>
  ({ status: 'running', created_at: at(0), started_at: null, finished_at: null, ...fields }) as BatchJob;

test('a job that waits is accepted, and still to start', () => {
  expect(stepsOf(job({}), [])).toEqual([
    { name: 'accepted', at: at(0), sinceMs: null },
    { name: 'started', at: null, sinceMs: null },
  ]);
});

test('steps stand in order, with the time from one to the next; what was heard beside them stays out', () => {
  const events = [
    { name: 'job.paused', at: at(5) },
    { name: 'job.progressed', at: at(6) },
    { name: 'job.resumed', at: at(8) },
  ];
  expect(stepsOf(job({ status: 'failed', started_at: at(2), finished_at: at(9) }), events)).toEqual([
    { name: 'accepted', at: at(0), sinceMs: null },
    { name: 'started', at: at(2), sinceMs: 2_000 },
    { name: 'paused', at: at(5), sinceMs: 3_000 },
    { name: 'resumed', at: at(8), sinceMs: 3_000 },
    { name: 'failed', at: at(9), sinceMs: 1_000 },
  ]);
});
