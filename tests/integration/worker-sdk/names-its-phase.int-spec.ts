// A handler names what it is busy with, and whoever looks at its job sees it, wherever the job is kept.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { BatchJob } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { createWorker, type Worker } from '@kintsugi/worker-sdk';
import { startJobService, type JobServiceUnderTest } from '../job-service/job-service-under-test.js';

const head = { product_id: 'p', sending_group_id: 'g', type: 'trial.render' };

let servers: TestServers;
let service: JobServiceUnderTest;
let worker: Worker;
let release = (): void => undefined;

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
  const released = new Promise<void>((resolve) => (release = resolve));
  worker = createWorker({ natsUrl: servers.natsUrl, log: false }).handle('trial.render', async ({ phase }) => {
    phase('rendering');
    await released;
  });
  await worker.start();
});

afterAll(async () => {
  release();
  await worker?.stop();
  await service?.stop();
  await servers?.stop();
});

async function phaseOf(jobId: string): Promise<string> {
  const job: BatchJob = await callAction(service.bus, 'getJob', { job_id: jobId });
  return job.detailed_status.current_phase;
}

it.each([
  ['of one task', [{ payload: 1 }]],
  ['of several', [{ payload: 1 }, { payload: 2 }]],
])('a job %s', async (_what, tasks) => {
  const { job_id } = await callAction(service.bus, 'createJob', { ...head, tasks });
  await eventually(async () => expect(await phaseOf(job_id)).toBe('rendering'));
});

it('ends with its own status as its phase', async () => {
  const { job_id } = await callAction(service.bus, 'createJob', { ...head, tasks: [{ payload: 1 }, { payload: 2 }] });
  await eventually(async () => expect(await phaseOf(job_id)).toBe('rendering'));
  release();
  await eventually(async () => expect(await phaseOf(job_id)).toBe('completed'));
});
