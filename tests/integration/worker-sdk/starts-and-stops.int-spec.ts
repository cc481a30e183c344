// A worker may be started twice and stopped at any moment: each task runs once, and nothing that it held is lost.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { isFinished, type BatchJob, type CreateJobInput, type JobReceipt, type TaskPage } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { createWorker, type Worker } from '@kintsugi/worker-sdk';
import { v7 as uuidv7 } from 'uuid';
import { startJobService, type JobServiceUnderTest } from '../job-service/job-service-under-test.js';

let servers: TestServers;
let service: JobServiceUnderTest;
const workers: Worker[] = [];

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
});

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
});

afterAll(async () => {
  await service?.stop();
  await servers?.stop();
});

function newWorker(slots: number): Worker {
  const worker = createWorker({ natsUrl: servers.natsUrl, slots, drainTimeoutMs: 30_000, log: false });
  workers.push(worker);
  return worker;
}

async function submit(type: string, count: number, given: Partial<CreateJobInput> = {}): Promise<string> {
  const tasks = Array.from({ length: count }, (_, number) => ({ payload: number }));
  const job = { product_id: 'p', sending_group_id: 'g', type, tasks, ...given };
  const { job_id: jobId }: JobReceipt = await callAction(service.bus, 'createJob', job);
  return jobId;
}

async function ended(jobId: string): Promise<BatchJob> {
  return eventually(async () => {
    const job: BatchJob = await callAction(service.bus, 'getJob', { job_id: jobId });
    expect(isFinished(job.status)).toBe(true);
    return job;
  });
}

test('a worker that is started twice runs each task once, also unsafe ones', async () => {
  const type = `twice-${uuidv7()}`;
  const runs: unknown[] = [];
  const worker = newWorker(5).handle(type, ({ task }) => void runs.push(task.payload));
  await Promise.all([worker.start(), worker.start()]);
  await worker.start();
  const job = await ended(await submit(type, 40, { safety: 'unsafe' }));
  expect(job).toMatchObject({ status: 'completed', task_counts: { succeeded: 40 } });
  expect(runs.sort((one, other) => Number(one) - Number(other))).toEqual(Array.from({ length: 40 }, (_, number) => number));
});

test('a worker that is stopped while it waits for NATS gives up, and its start ends without it', async () => {
  const worker = createWorker({ natsUrl: 'nats://127.0.0.1:1', log: false }).handle('never', () => undefined);
  const starting = worker.start();
  await worker.stop();
  expect(await starting).toBe(worker);
});

test('a worker that is stopped hands back what waits: another runs it as the first attempt', async () => {
  const type = `drained-${uuidv7()}`;
  const runs: unknown[] = [];
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  let holds = false;
  const run = async ({ task }: { task: { payload: unknown } }): Promise<void> => {
    if (holds) await opened;
    runs.push(task.payload);
  };
  const first = newWorker(2).handle(type, run);
  await first.start();
  // Tasks are sent ahead of free slots once they are known to be quick.
  await ended(await submit(type, 100));
  runs.length = 0;
  holds = true;
  const jobId = await submit(type, 40);
  await eventually(async () => {
    const { task_counts: counts }: BatchJob = await callAction(service.bus, 'getJob', { job_id: jobId });
    expect(counts['leased'] ?? 0).toBeGreaterThan(2);
  });
  const stopped = first.stop();
  const second = newWorker(2).handle(type, ({ task }) => void runs.push(task.payload));
  await second.start();
  await eventually(() => expect(runs).toHaveLength(38));
  open();
  await stopped;
  const job = await ended(jobId);
  expect(job).toMatchObject({ status: 'completed', task_counts: { succeeded: 40 } });
  expect(new Set(runs).size).toBe(40);
  expect(runs).toHaveLength(40);
  const { items }: TaskPage = await callAction(service.bus, 'listTasks', { job_id: jobId, limit: 100 });
  expect(items.map(({ attempts }) => attempts)).toEqual(items.map(() => 1));
});
