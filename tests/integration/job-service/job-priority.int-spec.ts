// Another priority means the same to a job with a record of its own and to one at a place of a bundle.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { jobIdOf, subjects, type BatchJob } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { v7 as uuidv7 } from 'uuid';
import { bundledJob, ownedJob } from './jobs-of-one-task.js';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';
import { ScriptedWorker } from './scripted-worker.js';

const head = { product_id: 'p', sending_group_id: 'g', user_id: 'ann', priority: 7 };

let servers: TestServers;
let service: JobServiceUnderTest;
let worker: ScriptedWorker | undefined;
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

afterEach(() => worker?.stop());

const bundled = (): Promise<string> => bundledJob(service.bus, { ...head, type }, { payload: 1 });
const owned = (): Promise<string> => ownedJob(service.bus, { ...head, type }, { payload: 1 });

function jobOf(jobId: string): Promise<BatchJob> {
  return callAction(service.bus, 'getJob', { job_id: jobId });
}

function prioritise(jobId: string, priority: number): Promise<BatchJob> {
  return callAction(service.bus, 'setJobPriority', { job_id: jobId, priority });
}

async function reaches(jobId: string, status: BatchJob['status']): Promise<void> {
  await eventually(async () => expect((await jobOf(jobId)).status).toBe(status));
}

/** A worker with room for one task. */
function startWorker(): ScriptedWorker {
  worker = new ScriptedWorker(service.bus, `worker-${uuidv7()}`, [type], { slots: 1 });
  return worker;
}

describe.each([
  ['a place in a bundle', bundled],
  ['a record of its own', owned],
])('a job with %s', (_kept, make) => {
  it('that gets a higher priority goes before those that were first, and stays so when it is asked for again', async () => {
    const others = await Promise.all([bundled(), owned(), bundled()]);
    const jobId = await make();
    expect(await prioritise(jobId, 9)).toMatchObject({ status: 'pending', priority: 9 });
    expect(await prioritise(jobId, 9)).toMatchObject({ priority: 9 });
    await eventually(() => expect(service.parts.queues.known(type)?.window.contents[0]?.priority).toBe(9));
    startWorker();
    await reaches(jobId, 'running');
    for (const other of others) expect(await jobOf(other)).toMatchObject({ status: 'pending', priority: 7 });
  });

  it('that gets a lower priority goes last', async () => {
    const jobId = await make();
    await prioritise(jobId, 0);
    const other = await bundled();
    startWorker();
    await reaches(other, 'running');
    expect(await jobOf(jobId)).toMatchObject({ status: 'pending', priority: 0 });
  });

  it('that is paused or runs can get another priority, and one that has ended none', async () => {
    const jobId = await make();
    await callAction(service.bus, 'pauseJob', { job_id: jobId });
    expect(await prioritise(jobId, 2)).toMatchObject({ status: 'paused', priority: 2 });
    await callAction(service.bus, 'resumeJob', { job_id: jobId });
    const { slices } = startWorker();
    await reaches(jobId, 'running');
    expect(await prioritise(jobId, 3)).toMatchObject({ status: 'running', priority: 3 });
    for (const slice of [...slices]) await worker?.succeed(slice);
    await reaches(jobId, 'completed');
    const allowed = ['scheduled', 'pending', 'running', 'paused', 'recovering'];
    const refusal = { code: 'STATE_CONFLICT', extras: { current: 'completed', allowed } };
    await expect(prioritise(jobId, 4)).rejects.toMatchObject(refusal);
    expect(await jobOf(jobId)).toMatchObject({ priority: 3 });
    await expect(prioritise(jobIdOf(uuidv7()), 4)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  });

  it('tells who gave it another priority', async () => {
    const told: unknown[] = [];
    const jobId = await make();
    const listening = service.bus.subscribe(subjects.jobEvents, (message) => {
      if (message.subject.includes('reprioritised')) told.push(...message.json<{ jobs: unknown[] }>().jobs);
    });
    await prioritise(jobId, 8);
    await eventually(() => expect(told).toEqual([{ job_id: jobId, status: 'pending', by: 'nats', priority: 8 }]));
    listening.unsubscribe();
  });
});
