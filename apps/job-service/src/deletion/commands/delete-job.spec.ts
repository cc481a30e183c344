import { expect, test } from '@jest/globals';
import { natsActor, type JobStatus } from '@kintsugi/contracts';
import type { JobDirectory } from '../../directory/job-directory.js';
import { jobOf } from '../../jobs/job-records-conformance.js';
import { DeletionsInMemory } from '../../jobs/deletions-in-memory.js';
import { JobRecordsInMemory } from '../../jobs/job-records-in-memory.js';
import type { Deletion } from '../../jobs/deletions.js';
import type { DeletionRounds } from '../deletion-rounds.js';
import { DeleteJob } from './delete-job.js';

const origin = { actor: natsActor, requestId: 'r' };

/** A completed job with a child that is deleted with it. */
async function withChild(status: JobStatus) {
  const jobs = new JobRecordsInMemory();
  await jobs.insert(jobOf('job_1', { status: 'completed' }));
  await jobs.insert(jobOf('job_2', { status, parent_job_id: 'job_1', with_parent: ['delete'] }));
  const open = async (id: string) => {
    const job = await jobs.find(id);
    return job && { id, status: job.status };
  };
  const deletions = new DeletionsInMemory();
  const begun: Deletion[] = [];
  const rounds = {
    add: (deletion: Deletion) => deletions.add(deletion),
    begin: (deletion: Deletion) => Promise.resolve(begun.push(deletion) > 0),
  };
  const directory = { open, get: open } as unknown as JobDirectory;
  const deleter = new DeleteJob(directory, jobs, deletions, rounds as unknown as DeletionRounds, { uuid: () => 'u' });
  const remove = (force: boolean) => deleter.execute({ job_id: 'job_1', force }, origin);
  return { deletions, begun, rounds, remove };
}

test('a job is not deleted without force while one runs that goes with it, which is named', async () => {
  const { remove, begun } = await withChild('running');
  await expect(remove(false)).rejects.toMatchObject({
    code: 'STATE_CONFLICT',
    message: expect.stringContaining('job_2, which is deleted with this job, is running'),
    extras: { current: 'running', errors: [{ path: 'data.job_id', got: 'job_2 running' }] },
  });
  expect(begun).toEqual([]);
  expect(await remove(true)).toEqual({ job_id: 'job_1', status: 'deleted' });
  expect(begun[0]).not.toHaveProperty('onlyEnded');
});

test('a job goes without force with those that have ended, and nothing is stopped that begins to run meanwhile', async () => {
  const { remove, begun } = await withChild('failed');
  expect(await remove(false)).toEqual({ job_id: 'job_1', status: 'deleted' });
  expect(begun[0]?.onlyEnded).toBe(true);
});

test('a job that has stayed because it runs again is not said to be deleted', async () => {
  const { remove, rounds, deletions } = await withChild('failed');
  rounds.begin = async ({ id, jobIds }) => deletions.leaveOut(id, jobIds).then(() => true);
  await expect(remove(false)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
});
