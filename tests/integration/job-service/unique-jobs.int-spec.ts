// A unique key makes one job at a time, at every door, and goes with the job's moves and its deletion.
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { jobIdOf, type JobPreview, type WorkHeader } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { v7 as uuidv7 } from 'uuid';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';
import { ScriptedWorker } from './scripted-worker.js';

let servers: TestServers;
let service: JobServiceUnderTest;
let type: string;
let key: string;

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
});

afterAll(async () => {
  await service?.stop();
  await servers?.stop();
});

beforeEach(() => {
  type = `unique.${uuidv7()}`;
  key = `key of ${type}`;
});

const head = { product_id: 'p', sending_group_id: 'g' };

function create(unique: object = {}, job: object = {}) {
  return callAction(service.bus, 'createJob', { ...head, type, tasks: [{}], ...job, unique: { key, ...unique } });
}

function heldBy(holder: string) {
  return { code: 'UNIQUE_CONFLICT', status: 409, extras: { holder } };
}

it('makes one job of twenty at once, whatever door they come by, and answers the others with it', async () => {
  const jobId = jobIdOf(uuidv7());
  await callAction(service.bus, 'stageTasks', { job_id: jobId, sequence: 0, tasks: '{}', count: 1 });
  const job = { ...head, type, priority: 5, safety: 'idempotent' as const, labels: {} };
  const unique = { key, on_conflict: 'return' as const };
  const upload = { job_id: jobId, job: { ...job, unique }, chunks: 1, total_tasks: 1, fingerprint: '' };
  const answers = await Promise.all([
    callAction(service.bus, 'commitUpload', upload as never),
    ...Array.from({ length: 9 }, () => create({ on_conflict: 'return' })),
    callAction(service.bus, 'createJobs', { jobs: Array(10).fill({ ...head, type, tasks: [{}, {}], unique }) }),
  ]);
  const receipts = answers.flatMap((answer) =>
    'jobs' in answer ? answer.jobs.map((entry) => ('job' in entry ? entry.job : entry)) : [answer],
  );
  expect(receipts).toHaveLength(20);
  expect(new Set(receipts.map((receipt) => ('job_id' in receipt ? receipt.job_id : receipt))).size).toBe(1);
  expect(await service.store.collection('jobs').countDocuments({ type })).toBe(1);
  expect(await service.store.collection('chunks').countDocuments({ queue: type })).toBe(1);
});

it('refuses another job, names the holder, and lets it in once that is deleted', async () => {
  const { job_id: holder } = await create({ while: ['completed'] });
  await expect(create()).rejects.toMatchObject(heldBy(holder));
  const preview = (await create({}, { validate_only: true })) as unknown as JobPreview;
  expect(preview.rules.find(({ field }) => field === 'unique')?.says).toContain(holder);
  expect(await callAction(service.bus, 'getJob', { job_id: holder })).toMatchObject({
    unique: { key, while: expect.arrayContaining(['pending', 'completed']), on_conflict: 'reject' },
  });
  const worker = new ScriptedWorker(service.bus, `worker-${uuidv7()}`, [type]);
  try {
    await eventually(() => expect(worker.slices).toHaveLength(1));
    await worker.succeed(worker.slices[0] as WorkHeader);
    await eventually(async () => {
      expect(await callAction(service.bus, 'getJob', { job_id: holder })).toMatchObject({ status: 'completed' });
    });
    await expect(create()).rejects.toMatchObject(heldBy(holder));
    await callAction(service.bus, 'deleteJob', { job_id: holder });
    await eventually(async () => expect((await create()).job_id).not.toBe(holder));
  } finally {
    worker.stop();
  }
});

it('holds the key of a job that its producer runs, until that has ended', async () => {
  const external = { executor: 'external', tasks: undefined };
  const { job_id: holder } = await create({}, external);
  await expect(create()).rejects.toMatchObject(heldBy(holder));
  const report = (status: string) => callAction(service.bus, 'updateBatchJob', { job_id: holder, status } as never);
  await report('running');
  await report('failed');
  const { job_id: next } = await create();
  await expect(report('recovering')).rejects.toMatchObject(heldBy(next));
  await callAction(service.bus, 'cancelJob', { job_id: next });
  await eventually(() => report('recovering'));
  await expect(create()).rejects.toMatchObject(heldBy(holder));
});

it('survives a restart, and gives the key to a job that replaces its holder', async () => {
  const { job_id: holder } = await create();
  await service.stop();
  service = await startJobService(servers);
  await expect(create()).rejects.toMatchObject(heldBy(holder));
  const replacing = await Promise.all([create({ on_conflict: 'replace' }), create({ on_conflict: 'replace' })]);
  expect(replacing.map(({ replayed }) => replayed)).toEqual([false, false]);
  const states = await Promise.all(
    [holder, ...replacing.map(({ job_id }) => job_id)].map(
      async (job_id) => (await callAction(service.bus, 'getJob', { job_id })).status,
    ),
  );
  expect(states.sort()).toEqual(['cancelled', 'cancelled', 'pending']);
});

it.each([
  [{ while: [] }, 'data.unique.while', 'TOO_SHORT'],
  [{ while: ['deleting'] }, 'data.unique.while[0]', 'VALUE'],
  [{ key: '' }, 'data.unique.key', 'FORMAT'],
  [{ on_conflict: 'wait' }, 'data.unique.on_conflict', 'VALUE'],
])('of %p is refused with what is allowed', async (unique, path, rule) => {
  await expect(create(unique)).rejects.toMatchObject({
    code: 'VALIDATION_FAILED',
    extras: { errors: expect.arrayContaining([expect.objectContaining({ path, rule })]) },
  });
});
