// What was accepted can be held against what has finished: both count the tasks of jobs, however the tasks came.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { planQueueOf, type WorkHeader } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';
import { ScriptedWorker } from './scripted-worker.js';

const type = 'trial';
const head = { product_id: 'p', sending_group_id: 'g', type };

let servers: TestServers;
let service: JobServiceUnderTest;
let worker: ScriptedWorker;

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
  worker = new ScriptedWorker(service.bus, 'worker', [type, planQueueOf(type)]);
});

afterAll(async () => {
  worker?.stop();
  await service?.stop();
  await servers?.stop();
});

async function nextSlice(): Promise<WorkHeader> {
  return eventually(() => {
    const [slice] = worker.slices;
    if (!slice) throw new Error('No slice has come.');
    return slice;
  });
}

async function ended(jobId: string): Promise<void> {
  await eventually(async () => {
    const [slice] = worker.slices;
    if (slice) await worker.succeed(slice);
    expect((await callAction(service.bus, 'getJob', { job_id: jobId })).status).toBe('completed');
  });
}

it('counts three tasks given, one alone and two planned as six, accepted and finished', async () => {
  for (const given of [[{}, {}, {}], [{}]]) {
    const { job_id } = await callAction(service.bus, 'createJob', { ...head, tasks: given });
    await ended(job_id);
  }
  const { job_id } = await callAction(service.bus, 'createJob', head);
  const plan = await nextSlice();
  await callAction(service.bus, 'stageTasks', { job_id, sequence: 0, tasks: '{}\n{}', count: 2, fence: plan.fence });
  await worker.succeed(plan);
  await ended(job_id);
  expect(await service.counted('kintsugi_tasks_accepted_total', { type })).toBe(6);
  await eventually(async () => expect(await service.counted('kintsugi_tasks_finished_total', { type })).toBe(6));
  expect(await service.counted('kintsugi_tasks_finished_total', { type, state: 'succeeded' })).toBe(6);
  expect(await service.counted('kintsugi_jobs_accepted_total')).toBe(3);
  expect(await service.counted('kintsugi_jobs_finished_total')).toBe(3);
});
