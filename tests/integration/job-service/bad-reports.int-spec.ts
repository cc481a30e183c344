import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chunkIdOf, subjects, taskIdOf, type OutcomeReceipt, type WorkHeader } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';
import { ScriptedWorker } from './scripted-worker.js';

let servers: TestServers;
let service: JobServiceUnderTest;
let worker: ScriptedWorker;

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
  worker = new ScriptedWorker(service.bus, 'worker', ['trial']);
});

afterAll(async () => {
  worker?.stop();
  await service?.stop();
  await servers?.stop();
});

async function report(body: string): Promise<OutcomeReceipt> {
  return (await service.bus.ask(subjects.outcomes, body, { timeoutMs: 60_000 })).json<OutcomeReceipt>();
}

/** A job of so many tasks, and the slices that the worker gets of it. */
async function jobOf(count: number): Promise<{ slices: WorkHeader[]; states: () => Promise<string[]> }> {
  const tasks = Array.from({ length: count }, (_, index) => ({ payload: { index } }));
  const head = { product_id: 'shop', sending_group_id: 'spring', user_id: 'ann', type: 'trial' };
  const { job_id: jobId } = await callAction(service.bus, 'createJob', { ...head, tasks });
  const isOurs = ({ job_id: id }: WorkHeader): boolean => id === jobId;
  await eventually(() => expect(worker.slices.filter(isOurs).flatMap(({ indexes }) => indexes)).toHaveLength(count));
  const slices = worker.slices.filter(isOurs);
  worker.slices.splice(0);
  const taskIds = tasks.map((_, index) => taskIdOf(chunkIdOf(jobId, 0), index));
  const states = async () => (await callAction(service.bus, 'checkTasks', { task_ids: taskIds })).tasks.map(({ state }) => state);
  return { slices, states };
}

test('a report that breaks the contract gets a receipt, what is sound of it is taken, and the tasks that it hides the end of fail', async () => {
  const { slices, states } = await jobOf(3);
  const leases = slices.map(({ chunk_id, fence, indexes: [index] }) => {
    const about = { chunk_id, fence, base_ms: Date.now(), done: [], started: [], took_us: [], failed: [], returned: [] };
    if (index === 0) return { ...about, done: [0], started: [1], took_us: [1] };
    if (index === 1) return { chunk_id, fence, done: 'all' };
    // What Infinity becomes in JSON.
    const failure = { index, started: 1, took_us: 1, error_type: 'net.reset', error_message: 'gone', retry_after_ms: null };
    return { ...about, failed: [failure] };
  });
  const receipt = await report(JSON.stringify({ v: 1, worker_id: 'worker', leases }));
  expect(receipt).toMatchObject({ recorded: true, fenced: 0 });
  expect(receipt.refused).toContain('done');
  await eventually(async () => expect(await states()).toEqual(['succeeded', 'failed', 'failed']));
});

test.each(['no JSON', '7', '{"v":2}'])('the report %s gets a receipt that says why it was refused', async (body) => {
  expect((await report(body)).refused).toMatch(/./);
});
