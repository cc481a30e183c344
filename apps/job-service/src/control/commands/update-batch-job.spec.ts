import { beforeEach, describe, expect, test } from '@jest/globals';
import { natsActor } from '@kintsugi/contracts';
import type { JobDirectory } from '../../directory/job-directory.js';
import type { ExternalJobs } from '../../external/external-jobs.js';
import type { CancelJob } from './cancel-job.js';
import type { PauseJob } from './pause-job.js';
import type { ResumeJob } from './resume-job.js';
import { UpdateBatchJob } from './update-batch-job.js';

const origin = { actor: natsActor, requestId: 'r' };
const update = { job_id: 'job_1', status: 'cancelled' as const };

let cancelled: string[];

/** A job that workers run, of a tenant. */
function updaterFor(tenant: string): UpdateBatchJob {
  const directory = { open: () => Promise.resolve({ view: () => ({ id: 'job_1', tenant, status: 'running' }) }) };
  const cancel = { execute: (id: string) => Promise.resolve(cancelled.push(id)) };
  return new UpdateBatchJob(
    directory as unknown as JobDirectory,
    { request: () => Promise.resolve(null) } as unknown as ExternalJobs,
    cancel as unknown as CancelJob,
    {} as PauseJob,
    {} as ResumeJob,
  );
}

beforeEach(() => {
  cancelled = [];
});

describe('a durable command that names a job which workers run', () => {
  test('of another tenant does not touch it', async () => {
    await expect(updaterFor('acme').execute(update, origin, 'message')).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    expect(cancelled).toEqual([]);
  });

  test('of the tenant that it comes for is carried out', async () => {
    await updaterFor('default').execute(update, origin, 'message');
    expect(cancelled).toEqual(['job_1']);
  });
});

test('a request of somebody who is bound to no tenant is carried out for every tenant', async () => {
  await updaterFor('acme').execute(update, origin);
  expect(cancelled).toEqual(['job_1']);
});
