// A job that is cancelled ends as cancelled, with every task of it, at whatever moment the cancellation comes.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { chunkIdOf, jobIdOf, planQueueOf, type BatchJob } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { v7 as uuidv7 } from 'uuid';
import { holdCall, startJobService, type HeldCall, type JobServiceUnderTest } from './job-service-under-test.js';
import { ScriptedWorker } from './scripted-worker.js';

const type = 'trial';
const head = { product_id: 'p', sending_group_id: 'g', type };
const tasks = 3;

let servers: TestServers;
let service: JobServiceUnderTest;
let planner: ScriptedWorker;

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
});

afterAll(async () => {
  await service?.stop();
  await servers?.stop();
});

beforeEach(() => {
  planner = new ScriptedWorker(service.bus, `planner-${uuidv7()}`, [planQueueOf(type)]);
});

afterEach(() => planner.stop());

/** A job whose planner has staged its tasks and has yet to say that it is done. */
async function stagedPlan(): Promise<{ jobId: string; done: () => Promise<void> }> {
  const { job_id: jobId } = await callAction(service.bus, 'createJob', head);
  const slice = await eventually(() => {
    const found = planner.slices.find(({ chunk_id }) => chunk_id === chunkIdOf(jobId, 'plan'));
    if (!found) throw new Error('The plan has not come.');
    return found;
  });
  const staged = { job_id: jobId, sequence: 0, tasks: linesOf(tasks), count: tasks, fence: slice.fence };
  await callAction(service.bus, 'stageTasks', staged);
  return { jobId, done: () => planner.succeed(slice) };
}

function linesOf(count: number): string {
  return Array.from({ length: count }, (_, index) => `{"payload":${index}}`).join('\n');
}

async function cancelledWhile(held: HeldCall, jobId: string): Promise<void> {
  await held.reached;
  await callAction(service.bus, 'cancelJob', { job_id: jobId });
  held.release();
}

/** Waits for the end, which must be the last word also of the record: nothing of the job may be left open. */
async function expectCancelled(jobId: string): Promise<BatchJob> {
  const job = await eventually(async () => {
    const found = await callAction(service.bus, 'getJob', { job_id: jobId });
    expect(found.status).toBe('cancelled');
    return found;
  });
  const left = await service.store.collection('chunks').find({ job_id: jobId }).toArray();
  expect(left.filter((chunk) => chunk['open'] > 0 || chunk['staged_at'])).toEqual([]);
  const counts = job.task_counts.cancelled ?? 0;
  expect(counts).toBe(job.total_tasks ?? 0);
  return job;
}

describe('a plan', () => {
  it.each(['dropStaged', 'countStaged', 'openStaged'] as const)('cancelled before %s ends with all its tasks', async (call) => {
    const { jobId, done } = await stagedPlan();
    const held = holdCall(service.parts.store, call);
    await done();
    await cancelledWhile(held, jobId);
    expect(await expectCancelled(jobId)).toMatchObject({ total_tasks: tasks });
  });

  it('cancelled while its tasks are being noted ends with all its tasks', async () => {
    const { jobId, done } = await stagedPlan();
    const held = holdCall(service.parts.jobs, 'notePlanned');
    await done();
    await cancelledWhile(held, jobId);
    expect(await expectCancelled(jobId)).toMatchObject({ total_tasks: tasks });
  });

  it('cancelled before its planner was done makes no tasks', async () => {
    const { jobId, done } = await stagedPlan();
    await callAction(service.bus, 'cancelJob', { job_id: jobId });
    await eventually(() => expect(planner.stopped).toEqual([[chunkIdOf(jobId, 'plan'), [0]]]));
    await done();
    expect(await expectCancelled(jobId)).toMatchObject({ total_tasks: null });
  });

  it.each(['openStaged', 'noteOpened'] as const)('cancelled before its planning was open (%s) ends', async (call) => {
    const held = holdCall<object>(call === 'openStaged' ? service.parts.store : service.parts.jobs, call as never);
    const creating = callAction(service.bus, 'createJob', { ...head, type: 'nobody.plans.this' });
    await held.reached;
    const [job] = await service.store.collection<{ _id: string }>('jobs').find().sort({ _id: -1 }).limit(1).toArray();
    await cancelledWhile(held, job?._id ?? '');
    await creating;
    expect(await expectCancelled(job?._id ?? '')).toMatchObject({ total_tasks: null });
  });

  it('that was cancelled by nobody is not taken for ended while its tasks are being made real', async () => {
    const { jobId, done } = await stagedPlan();
    const held = holdCall(service.parts.store, 'openStaged');
    await done();
    await held.reached;
    expect(await callAction(service.bus, 'getJob', { job_id: jobId })).toMatchObject({ status: 'running' });
    held.release();
    await eventually(async () => {
      const job = await callAction(service.bus, 'getJob', { job_id: jobId });
      expect(job).toMatchObject({ status: 'running', total_tasks: tasks, task_counts: { ready: tasks } });
    });
    await callAction(service.bus, 'cancelJob', { job_id: jobId });
    await expectCancelled(jobId);
  });
});

describe('an upload', () => {
  it.each(['openStaged', 'noteOpened'] as const)('cancelled before %s ends with all its tasks', async (call) => {
    const jobId = jobIdOf(uuidv7());
    await callAction(service.bus, 'stageTasks', { job_id: jobId, sequence: 0, tasks: linesOf(tasks), count: tasks });
    const held = holdCall<object>(call === 'openStaged' ? service.parts.store : service.parts.jobs, call as never);
    const upload = { job_id: jobId, job: head, chunks: 1, total_tasks: tasks, fingerprint: 'f' };
    const committing = callAction(service.bus, 'commitUpload', upload);
    await cancelledWhile(held, jobId);
    expect(await committing).toMatchObject({ job_id: jobId });
    expect(await expectCancelled(jobId)).toMatchObject({ total_tasks: tasks });
  });

  it('is opened also when the answer to the write of its job was lost', async () => {
    const jobId = jobIdOf(uuidv7());
    await callAction(service.bus, 'stageTasks', { job_id: jobId, sequence: 0, tasks: linesOf(tasks), count: tasks });
    const { jobs } = service.parts;
    const insert = jobs.insert.bind(jobs);
    // When the write is made again, the job is there.
    jobs.insert = async (job) => {
      jobs.insert = insert;
      await insert(job);
      return insert(job);
    };
    const upload = { job_id: jobId, job: head, chunks: 1, total_tasks: tasks, fingerprint: 'f' };
    expect(await callAction(service.bus, 'commitUpload', upload)).toMatchObject({ job_id: jobId });
    const chunks = await service.store.collection('chunks').find({ job_id: jobId }).toArray();
    expect(chunks.map((chunk) => chunk['staged_at'])).toEqual([undefined]);
    await callAction(service.bus, 'cancelJob', { job_id: jobId });
    await expectCancelled(jobId);
  });
});

it('a cancellation that is asked for again finishes what the first has left', async () => {
  const { job_id: jobId } = await callAction(service.bus, 'createJob', {
    ...head,
    type: 'nobody.runs.this',
    tasks: Array.from({ length: tasks }, () => ({})),
  });
  const { store } = service.parts;
  const unsettledIdsOf = store.unsettledIdsOf.bind(store);
  store.unsettledIdsOf = async () => {
    store.unsettledIdsOf = unsettledIdsOf;
    throw new Error('The walk over the chunks was cut short.');
  };
  await expect(callAction(service.bus, 'cancelJob', { job_id: jobId })).rejects.toMatchObject({ code: 'INTERNAL' });
  expect(await callAction(service.bus, 'cancelJob', { job_id: jobId })).toMatchObject({ id: jobId });
  await expectCancelled(jobId);
});
