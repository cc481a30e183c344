// A failed job runs again as a new one, which says whose retry it is; whatever has not failed is refused with the reason.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient, type Client } from '@kintsugi/client';
import { jobIdOf, type BatchJob, type RetryReceipt } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { NonRetryable, createWorker, type Worker } from '@kintsugi/worker-sdk';
import { v7 as uuidv7 } from 'uuid';
import { gateway as gatewayDefinition } from '../../../apps/gateway/src/gateway.js';
import { recoveryService } from '../../../apps/recovery-service/src/recovery-service.js';
import { startJobService, type JobServiceUnderTest } from '../job-service/job-service-under-test.js';
import { startService } from '../service-under-test.js';

const head = { product_id: 'p', sending_group_id: 'g', type: 'trial.send', priority: 7, labels: { team: 'mail' } };

let servers: TestServers;
let jobs: JobServiceUnderTest;
let others: { close(): Promise<void> }[];
let worker: Worker;
let url: string;
let client: Client;
/** While it is set, every task fails for good. */
let isBroken = true;

beforeAll(async () => {
  servers = await startTestServers();
  jobs = await startJobService(servers);
  const { service: recovery } = await startService(recoveryService, servers, {});
  const { service: gateway } = await startService(gatewayDefinition, servers, { API_PORT: '0', AUTH: 'off' });
  others = [gateway, recovery];
  url = gateway.url;
  client = createClient({ baseUrl: url });
  worker = createWorker({ natsUrl: servers.natsUrl, log: false }).handle('trial.send', ({ task }) => {
    const { fail = false } = (task.payload ?? {}) as { fail?: boolean };
    if (isBroken || fail) throw new NonRetryable('The address is wrong.');
    return task.payload;
  });
  await worker.start();
});

afterAll(async () => {
  await worker?.stop();
  for (const service of others ?? []) await service.close();
  await jobs?.stop();
  await servers?.stop();
});

async function reaches(jobId: string, status: BatchJob['status']): Promise<BatchJob> {
  return eventually(async () => {
    const job = await client.getJob(jobId);
    expect(job.status).toBe(status);
    return job;
  });
}

async function bundled(): Promise<string> {
  return (await client.createJob({ ...head, tasks: [{ id: 'a', payload: 1 }] })).job_id;
}

/** Of three chunks. */
async function owned(): Promise<string> {
  const jobId = jobIdOf(uuidv7());
  for (const sequence of [0, 1, 2]) {
    const tasks = `{"id":"t${sequence}","payload":${sequence}}`;
    await callAction(jobs.bus, 'stageTasks', { job_id: jobId, sequence, tasks, count: 1 });
  }
  const upload = { job_id: jobId, chunks: 3, fingerprint: 'f', total_tasks: 3, job: head };
  return (await callAction(jobs.bus, 'commitUpload', upload)).job_id;
}

describe.each([
  ['with a record of its own', owned, ['t0', 't1', 't2']],
  ['at a place of a bundle', bundled, ['a']],
])('a failed job %s', (_kept, make, keys) => {
  it('runs again as a new job with the same tasks, and both say so', async () => {
    isBroken = true;
    const jobId = await make();
    await reaches(jobId, 'failed');
    const answer = await fetch(`${url}/retry/${jobId}`, { method: 'POST' });
    const receipt = (await answer.json()) as RetryReceipt;
    expect([answer.status, answer.headers.get('location')]).toEqual([200, `/v1/jobs/${receipt.job_id}`]);
    expect(receipt).toMatchObject({ original_job_id: jobId, retry_count: 1, total_tasks: keys.length });
    const failed = await reaches(receipt.job_id, 'failed');
    expect(failed).toMatchObject({ ...head, original_job_id: jobId, retry_count: 1 });
    isBroken = false;
    const again = await client.retryJob(jobId);
    expect(again.retry_count).toBe(2);
    await reaches(again.job_id, 'completed');
    expect((await client.listTasks(again.job_id)).items.map(({ key }) => key)).toEqual(keys);
    expect((await client.getJob(jobId)).retried_as).toEqual([receipt.job_id, again.job_id]);
    await expect(client.retryJob(jobId)).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      message: expect.stringContaining(`it was retried as ${again.job_id}, which is completed`),
      extras: { current: 'completed', allowed: ['failed', 'cancelled'] },
    });
    await expect(client.retryJob(again.job_id)).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      extras: { current: 'completed', allowed: ['failed'] },
    });
  });

  it('is copied once, however many ask for it at a time', async () => {
    isBroken = true;
    const jobId = await make();
    await reaches(jobId, 'failed');
    const receipts = await Promise.all([client.retryJob(jobId), client.retryJob(jobId), client.retryJob(jobId)]);
    expect(new Set(receipts.map(({ job_id }) => job_id)).size).toBe(1);
  });
});

it('a job that somebody else runs stays the same one, and its producer reports it again', async () => {
  const { job_id } = await client.createJob({ ...head, executor: 'external' });
  await expect(client.retryJob(job_id)).rejects.toMatchObject({ code: 'STATE_CONFLICT', extras: { current: 'pending' } });
  await client.updateBatchJob(job_id, { status: 'failed', detailed_status: { progress_percentage: 40 } });
  expect(await client.retryJob(job_id)).toMatchObject({ job_id, original_job_id: job_id, status: 'recovering', retry_count: 1 });
  const running = await client.updateBatchJob(job_id, { status: 'running', detailed_status: { progress_percentage: 10 } });
  expect(running).toMatchObject({ status: 'running', retry_count: 1, detailed_status: { progress_percentage: 10 } });
});

describe('a part of a failed job', () => {
  /** The second of a row has failed, and a bundled job alone. */
  async function failedRow(): Promise<string> {
    isBroken = false;
    const tasks = [
      { id: 'a', payload: { n: 1 } },
      { id: 'b', payload: { n: 2, fail: true }, depends_on: ['a'] },
      { id: 'c', depends_on: ['b'] },
    ];
    const { job_id: jobId } = await client.createJob({ ...head, tasks });
    await reaches(jobId, 'failed');
    return jobId;
  }

  it('is planned, and runs again at each door with what waits for it, while what has succeeded is kept', async () => {
    const jobId = await failedRow();
    const plan = await client.rerunPartial(jobId, { dry_run: true });
    expect(plan).toMatchObject({ rerun: { tasks: [{ key: 'b' }, { key: 'c' }] }, reuse: { tasks: [{ key: 'a' }] }, run: null });
    const response = await fetch(new URL('/rerun-partial', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ job_id: jobId, parameters: { fail: false } }),
    });
    const { run } = (await response.json()) as typeof plan;
    expect([response.status, response.headers.get('location')]).toEqual([200, `/v1/jobs/${run?.job_id}`]);
    expect(await reaches(run?.job_id ?? '', 'completed')).toMatchObject({
      original_job_id: jobId,
      retry_count: 1,
      total_tasks: 3,
    });
    const { items } = await client.listTasks(run?.job_id ?? '');
    expect(items.map(({ key, attempts, result }) => [key, attempts, result])).toEqual([
      ['a', 1, { n: 1 }],
      ['b', 1, { n: 2, fail: false }],
      ['c', 1, { fail: false }],
    ]);
  });

  it('is made as its schedule says now, and of that only what no run has done so before', async () => {
    isBroken = false;
    const job = (payloadOfB: unknown) => ({
      ...head,
      tasks: [
        { id: 'a', payload: { n: 1 } },
        { id: 'b', payload: payloadOfB, depends_on: ['a'] },
        { id: 'c', payload: { n: 12345678901 }, depends_on: ['b'] },
        { id: 'beside', payload: { n: 4 } },
      ],
    });
    await client.createSchedule({ name: 'nightly', every_s: 86_400, job: job({ n: 2, fail: true }) });
    const { job_id: jobId } = await client.triggerSchedule('nightly');
    await reaches(jobId, 'failed');
    await client.updateSchedule({ name: 'nightly', job: { ...job({ n: 3 }), timeout_s: 60 } });
    const latest = { definition: 'latest', reuse: 'unchanged', only_failed: false } as const;
    const plan = await client.rerunPartial(jobId, latest);
    expect(plan.definition).toEqual({
      ...{ asked: 'latest', from: 'schedule', name: 'nightly', tasks_changed: 1 },
      differs: [{ field: 'timeout_s', original: null, latest: 60 }],
    });
    expect([plan.rerun.tasks.map(({ key }) => key), plan.reuse.tasks.map(({ key }) => key)]).toEqual([
      ['b', 'c'],
      ['a', 'beside'],
    ]);
    const id = plan.run?.job_id ?? '';
    expect(await reaches(id, 'completed')).toMatchObject({ timeout_s: 60, labels: { team: 'mail', schedule: 'nightly' } });
    const { items } = await client.listTasks(id);
    expect(items.map(({ key, result }) => [key, result])).toEqual([
      ['a', { n: 1 }],
      ['b', { n: 3 }],
      ['c', { n: 12345678901 }],
      ['beside', { n: 4 }],
    ]);
    // Of the new run and of the old one alike, nothing is left to do.
    for (const one of [id, jobId]) {
      const { rerun, reuse } = await client.rerunPartial(one, { ...latest, dry_run: true });
      expect(rerun.total).toBe(0);
      expect(reuse.tasks.map(({ from_job_id: from }) => from)).toEqual([jobId, id, id, jobId]);
    }
  });

  it('of one task runs again too, and a job that runs is refused', async () => {
    isBroken = true;
    const jobId = await bundled();
    await reaches(jobId, 'failed');
    isBroken = false;
    const { run } = await client.rerunPartial(jobId);
    await reaches(run?.job_id ?? '', 'completed');
    await expect(client.rerunPartial(run?.job_id ?? '', {})).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });

  it('is refused where its request is not as it should be', async () => {
    const response = await fetch(new URL('/rerun-partial', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ job_id: 'x', states: ['bad'] }),
    });
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'VALIDATION_FAILED' }]);
  });
});
