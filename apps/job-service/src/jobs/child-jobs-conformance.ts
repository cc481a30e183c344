import { deepEqual } from 'node:assert/strict';
import type { ChildJobs } from './child-jobs.js';
import type { JobRecord } from './domain/job.js';
import { jobOf } from './job-records-conformance.js';
import type { JobRecords } from './job-records.js';

interface Kept {
  records: JobRecords;
  children: ChildJobs;
}

/** What everybody promises who knows which jobs were made by handlers of others. It begins without jobs. */
export const childJobPromises: [promise: string, hold: (kept: Kept) => Promise<void>][] = [
  ['counts those of a job, and names the newest', countsThem],
  ['finds those that a fate of their parents befalls as well', findsBefallen],
  ['finds those that may have to be cancelled, a page at a time', findsToCancel],
];

async function family({ records }: Kept): Promise<void> {
  const children: [string, Partial<JobRecord>][] = [
    ['job_1', { parent_job_id: 'job_a', with_parent: [] }],
    ['job_2', { parent_job_id: 'job_a', with_parent: ['cancel'], status: 'completed' }],
    ['job_3', { parent_job_id: 'job_a', with_parent: ['cancel', 'delete'], status: 'running' }],
    ['job_4', { parent_job_id: 'job_b', with_parent: ['cancel', 'delete'] }],
    ['job_5', {}],
  ];
  for (const [id, given] of children) await records.insert(jobOf(id, given));
}

async function countsThem(kept: Kept): Promise<void> {
  await family(kept);
  deepEqual(await kept.children.of('job_a', 2), { count: 3, newest: ['job_3', 'job_2'] });
  deepEqual(await kept.children.of('job_a', 9), { count: 3, newest: ['job_3', 'job_2', 'job_1'] });
  deepEqual(await kept.children.of('job_c', 2), { count: 0, newest: [] });
}

async function findsBefallen(kept: Kept): Promise<void> {
  await family(kept);
  const { children } = kept;
  deepEqual(await children.befallen(['job_a', 'job_b'], 'delete', null, 9), ['job_3', 'job_4']);
  deepEqual(await children.befallen(['job_a', 'job_b'], 'cancel', null, 2), ['job_2', 'job_3']);
  deepEqual(await children.befallen(['job_a'], 'cancel', true, 9), ['job_2']);
  deepEqual(await children.befallen(['job_a'], 'cancel', false, 9), ['job_3']);
}

async function findsToCancel(kept: Kept): Promise<void> {
  await family(kept);
  const { children } = kept;
  deepEqual(await children.toCancel('', 1), [{ jobId: 'job_3', parentId: 'job_a' }]);
  deepEqual(await children.toCancel('job_3', 9), [{ jobId: 'job_4', parentId: 'job_b' }]);
}
