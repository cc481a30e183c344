// Jobs that may not run before a time, and jobs that have to be over by one.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { v7 as uuidv7 } from 'uuid';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';
import { ScriptedWorker } from './scripted-worker.js';

const head = { product_id: 'p', sending_group_id: 'g' };

let servers: TestServers;
let service: JobServiceUnderTest;
let type: string;

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
});

afterAll(async () => {
  await service?.stop();
  await servers?.stop();
});

beforeEach(() => {
  type = `trial.${uuidv7()}`;
});

describe('run_at', () => {
  const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
  const create = (job: object) => callAction(service.bus, 'createJob', { ...head, type, tasks: [{}, {}], ...job });
  const ask = (action: 'getJob' | 'cancelJob' | 'resumeJob', job_id: string) => callAction(service.bus, action, { job_id });
  const slicesOf = (worker: ScriptedWorker) => worker.slices.reduce((sum, { indexes }) => sum + indexes.length, 0);

  it.each([1, 2])('keeps a job of %d tasks back until then, and says so', async (count) => {
    const worker = new ScriptedWorker(service.bus, `worker-${uuidv7()}`, [type]);
    const run_at = inMs(1_500);
    try {
      const receipt = await create({ tasks: Array.from({ length: count }, () => ({})), run_at });
      expect(receipt.status).toBe('scheduled');
      expect(await ask('getJob', receipt.job_id)).toMatchObject({ status: 'scheduled', run_at, total_tasks: count });
      const { waiting } = await callAction(service.bus, 'explainJob', { job_id: receipt.job_id });
      expect(waiting).toMatchObject([{ reason: 'SCHEDULED', what: expect.stringContaining(run_at) }]);
      await eventually(() => expect(slicesOf(worker)).toBe(count));
      expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(run_at));
      expect((await ask('getJob', receipt.job_id)).status).toBe('running');
    } finally {
      worker.stop();
    }
  });

  it('that has passed means at once', async () => {
    const { status, job_id } = await create({ run_at: '2020-01-01T09:00:00+09:00' });
    expect(status).toBe('pending');
    expect(await ask('getJob', job_id)).not.toHaveProperty('run_at');
  });

  it('lets the job be cancelled before, with all its tasks', async () => {
    const { job_id } = await create({ run_at: inMs(3_600_000) });
    await ask('cancelJob', job_id);
    await eventually(async () => {
      expect(await ask('getJob', job_id)).toMatchObject({ status: 'cancelled', task_counts: { cancelled: 2, ready: 0 } });
    });
  });

  it('lets the job be paused and resumed before, and after it has come', async () => {
    const { job_id } = await create({ run_at: inMs(3_600_000) });
    expect(await callAction(service.bus, 'pauseJob', { job_id })).toMatchObject({ status: 'paused' });
    expect(await ask('resumeJob', job_id)).toMatchObject({ status: 'scheduled' });
    const soon = await create({ run_at: inMs(700) });
    await callAction(service.bus, 'pauseJob', { job_id: soon.job_id });
    await eventually(async () => {
      expect((await service.parts.jobs.find(soon.job_id))?.opened).toBe(true);
      expect((await service.parts.jobs.find(soon.job_id))?.wake_at).toBeUndefined();
    });
    expect((await ask('getJob', soon.job_id)).status).toBe('paused');
    expect(await ask('resumeJob', soon.job_id)).toMatchObject({ status: 'pending' });
  });

  it('outlives a restart: what is due meanwhile runs after it, and what is not goes on waiting', async () => {
    const [due, later] = [await create({ run_at: inMs(50) }), await create({ run_at: inMs(3_600_000) })];
    const paused = await create({ run_at: inMs(3_600_000) });
    await callAction(service.bus, 'pauseJob', { job_id: paused.job_id });
    await service.stop();
    service = await startJobService(servers);
    await eventually(async () => expect((await ask('getJob', due.job_id)).status).toBe('pending'));
    expect((await ask('getJob', later.job_id)).status).toBe('scheduled');
    expect((await service.parts.jobs.find(paused.job_id))?.opened).toBe(false);
    const kept = await service.store.collection('chunks').findOne({ job_id: later.job_id });
    expect((kept?.['staged_at'] as Date).getFullYear()).toBeGreaterThan(9_000);
  });

  it('is none of a job that its producer runs', async () => {
    await expect(create({ tasks: undefined, executor: 'external', run_at: inMs(9_000) })).rejects.toMatchObject({
      extras: { errors: [{ path: 'data.run_at', rule: 'NOT_ALLOWED' }] },
    });
  });

  it.each(['tomorrow', '2027-01-31', 1_800_000_000])('of %p is refused with what is allowed', async (run_at) => {
    await expect(create({ run_at })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      extras: { errors: [{ path: 'data.run_at', got: JSON.stringify(run_at), allowed: expect.any(String) }] },
    });
  });
});

describe('deadline_at', () => {
  const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
  const create = (job: object) => callAction(service.bus, 'createJob', { ...head, type, ...job });
  const jobOf = (job_id: string) => callAction(service.bus, 'getJob', { job_id });

  it.each([1, 3])('fails a job of %d tasks that is not over by then, and stops what runs', async (count) => {
    const worker = new ScriptedWorker(service.bus, `worker-${uuidv7()}`, [type]);
    const deadline_at = inMs(2_000);
    try {
      const { job_id } = await create({ tasks: Array.from({ length: count }, () => ({})), deadline_at, max_parallel_tasks: 1 });
      await eventually(() => expect(worker.slices).toHaveLength(1));
      const [slice] = worker.slices;
      await eventually(async () => expect(await jobOf(job_id)).toMatchObject({ status: 'running', deadline_at }));
      await eventually(() => expect(worker.stopped).toHaveLength(1));
      expect((await jobOf(job_id)).status).toBe('cancelling');
      await worker.obey(slice as never);
      await eventually(async () => expect((await jobOf(job_id)).status).toBe('failed'));
      expect(await jobOf(job_id)).toMatchObject({
        error: { error_type: 'job.deadline', error_message: expect.stringContaining(deadline_at) },
        task_counts: { cancelled: count, ready: 0 },
        detailed_status: { error_count: 1 },
      });
    } finally {
      worker.stop();
    }
  });

  it('leaves a job alone that is over by then', async () => {
    const worker = new ScriptedWorker(service.bus, `worker-${uuidv7()}`, [type]);
    try {
      const { job_id } = await create({ tasks: [{}], deadline_at: inMs(900) });
      await eventually(() => expect(worker.slices).toHaveLength(1));
      await worker.succeed(worker.slices[0] as never);
      await eventually(async () => expect((await service.parts.jobs.find(job_id))?.wake_at).toBeUndefined());
      expect(await jobOf(job_id)).toMatchObject({ status: 'completed' });
      expect(await jobOf(job_id)).not.toHaveProperty('error');
    } finally {
      worker.stop();
    }
  });

  it.each([
    ['a time that has passed', { deadline_at: '2020-01-01T00:00:00Z' }, 'PAST'],
    ['a time before its run_at', { run_at: '2090-01-02T00:00:00Z', deadline_at: '2090-01-01T00:00:00Z' }, 'PAST'],
    ['no time', { deadline_at: 'soon' }, 'FORMAT'],
  ])('refuses %s', async (_, fields, rule) => {
    await expect(create({ ...fields, tasks: [{}] })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      extras: { errors: [{ path: 'data.deadline_at', rule, allowed: expect.any(String) }] },
    });
  });
});
