import { expect, test } from '@jest/globals';
import { natsActor } from '@kintsugi/contracts';
import type { CheckDependencies } from '../../dependencies/check-dependencies.js';
import type { JobDirectory } from '../../directory/job-directory.js';
import type { CreatedJobs } from '../created-jobs.js';
import type { IncomingJob } from '../incoming-job.js';
import type { IdempotencyStore } from '../mongo/idempotency-store.js';
import type { BundleIntake, Placed } from './bundle-intake.js';
import type { ExternalIntake } from './external-intake.js';
import type { ChunkedIntake } from './chunked-intake.js';
import type { UniqueJobs } from './unique-jobs.js';
import { AcceptJob } from './accept-job.js';

const origin = { userId: 'u', tenant: 'default', by: natsActor };
const head = { product_id: 'p', sending_group_id: 'g', type: 'send', priority: 5, safety: 'idempotent', labels: {} } as const;

function requestOf(changes: Partial<IncomingJob['head']>): IncomingJob {
  return { head: { ...head, ...changes }, lines: ['{}'], tasksDigest: 'd' };
}

/** Acceptance whose writes are under way until they are let go on. */
function acceptanceUnderWay() {
  const goOn: (() => void)[] = [];
  const placed: Placed = { kind: 'accepted', receipt: { job_id: 'job_1', status: 'pending', total_tasks: 1, replayed: false } };
  const accept = () => new Promise<Placed>((resolve) => goOn.push(() => resolve(placed)));
  const bundles: Pick<BundleIntake, 'accept'> = { accept };
  // Neither chunks nor the store are asked for.
  const elsewhere = [
    {} as ChunkedIntake,
    {} as ExternalIntake,
    {} as UniqueJobs,
    {} as IdempotencyStore,
    {} as JobDirectory,
    { of: () => Promise.resolve(undefined) } as unknown as CheckDependencies,
  ] as const;
  const acceptJob = new AcceptJob(bundles as BundleIntake, ...elsewhere, { uuid: () => '1' }, {} as CreatedJobs, {
    DEFAULT_JOB_TYPE: 'send',
  });
  return { acceptJob, goOn };
}

test('while a request is under way, another one under its idempotency key is refused', async () => {
  const { acceptJob, goOn } = acceptanceUnderWay();
  const first = acceptJob.create(requestOf({ idempotency_key: 'k' }), origin);
  const other = acceptJob.create(requestOf({ idempotency_key: 'k', product_id: 'other' }), origin);
  await expect(other).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
  for (const resolve of goOn) resolve();
  expect(await first).toMatchObject({ job_id: 'job_1', replayed: false });
});

test('while a request is under way, the same one gets its answer, and one job is made', async () => {
  const { acceptJob, goOn } = acceptanceUnderWay();
  const same = [1, 2, 3].map(() => acceptJob.create(requestOf({ idempotency_key: 'k' }), origin));
  expect(goOn).toHaveLength(1);
  for (const resolve of goOn) resolve();
  expect((await Promise.all(same)).map(({ job_id, replayed }) => [job_id, replayed])).toEqual([
    ['job_1', false],
    ['job_1', true],
    ['job_1', true],
  ]);
});
