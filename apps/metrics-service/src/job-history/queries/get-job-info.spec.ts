import { expect, test } from '@jest/globals';
import { jobIdOf, operations, uuidBoundOf, type BatchJob, type JobInfo } from '@kintsugi/contracts';
import type { UsageOfJobs } from '../../samples/queries/usage-of-jobs.js';
import { jobAt } from '../hour-columns-conformance.js';
import type { JobHistory } from '../domain/job-history.js';
import type { JobRow } from '../domain/job-row.js';
import { GetJobInfo } from './get-job-info.js';
import type { LiveJob, LiveJobs } from './live-jobs.js';

const dayMs = 86_400_000;
const origin = { actor: { tenant: null } } as Parameters<GetJobInfo['execute']>[1];

interface Sides {
  get: () => Promise<LiveJob>;
  find: () => Promise<JobRow | null>;
}

/** Asks for a job of a day ago, unless it is said otherwise. */
function ask({ get, find }: Sides, ageMs = dayMs): Promise<JobInfo> {
  const at = Date.now() - ageMs;
  const info = new GetJobInfo({ find } as unknown as JobHistory, { get } as unknown as LiveJobs, {} as UsageOfJobs);
  const job_id = jobIdOf(`${uuidBoundOf(at)}-774b-bcce-b302099a8057`);
  return info.execute(operations.getJobInfo.request.parse({ job_id, include_metrics: false }), origin);
}

const missing = async (): Promise<LiveJob> => ({ kind: 'missing' });
const found = async (): Promise<LiveJob> => ({ kind: 'found', job: { id: 'job', status: 'completed' } as BatchJob });
const row = jobAt(Date.now() - dayMs, 1);

test('a job of long ago is looked for in the history while job-service is asked', async () => {
  const isSought = Promise.withResolvers<void>();
  const answer = await ask({
    get: async () => {
      await isSought.promise;
      return missing();
    },
    find: async () => {
      isSought.resolve();
      return row;
    },
  });
  expect(answer).toMatchObject({ id: row.job_id, source: 'history' });
});

test('of a job that both know, job-service has the word', async () => {
  expect(await ask({ get: found, find: async () => row })).toMatchObject({ id: 'job', source: 'live' });
});

test('a young job that job-service knows costs the history nothing', async () => {
  let sought = 0;
  const find = async (): Promise<JobRow> => {
    sought += 1;
    return row;
  };
  expect(await ask({ get: found, find }, 1_000)).toMatchObject({ source: 'live' });
  expect(sought).toBe(0);
  expect(await ask({ get: missing, find }, 1_000)).toMatchObject({ source: 'history' });
  expect(sought).toBe(1);
});

test('a history that cannot be read does not keep back what job-service knows, and is told where it is needed', async () => {
  const find = async (): Promise<JobRow> => {
    throw new Error('The history is away.');
  };
  expect(await ask({ get: found, find })).toMatchObject({ source: 'live' });
  await expect(ask({ get: missing, find })).rejects.toThrow('The history is away.');
});

test('what job-service knows waits for no history that does not answer', async () => {
  expect(await ask({ get: found, find: () => new Promise(() => undefined) })).toMatchObject({ source: 'live' });
});

test('what the history learns while job-service is asked is found', async () => {
  const answers = [null, row];
  const find = async (): Promise<JobRow | null> => answers.shift() ?? null;
  expect(await ask({ get: missing, find })).toMatchObject({ source: 'history' });
});
