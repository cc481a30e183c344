import { expect, test } from '@jest/globals';
import type { JobStatus } from './job-status.js';
import { queueNeededBy } from './waiting-reason.js';

const job = (status: JobStatus, total: number | null, counts: Record<string, number>) =>
  queueNeededBy({ status, type: 'send', total_tasks: total, task_counts: counts });

test.each<[string, string | null, JobStatus, number | null, Record<string, number>]>([
  ['that nothing is known of but that it was accepted', 'send', 'pending', 3, {}],
  ['with tasks that wait', 'send', 'running', 3, { ready: 1, succeeded: 2 }],
  ['whose tasks all run', null, 'running', 3, { leased: 1, running: 2 }],
  ['whose tasks wait for their retry', null, 'running', 3, { waiting_retry: 3 }],
  ['that is to be planned', 'plan:send', 'pending', null, {}],
  ['that a person has paused', null, 'paused', 3, { ready: 3 }],
  ['that is being cancelled', null, 'cancelling', 3, { ready: 1, leased: 2 }],
  ['that has ended', null, 'failed', 3, { dead: 3 }],
])('a job %s needs a worker of %j', (_, queue, status, total, counts) => {
  expect(job(status, total, counts)).toBe(queue);
});
