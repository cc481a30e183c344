// Handlers make further jobs: once, however often they run, of the tenant of their own, and to be cancelled and deleted with it.
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { natsActor, operations, subjects, type JobReceipt } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { createWorker, type TaskContext, type Worker } from '@kintsugi/worker-sdk';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';

const head = { product_id: 'p', sending_group_id: 'g' };
const shop = { origin: { actor: { ...natsActor, name: 'ann', tenant: 'shop' }, requestId: 'r' } };

let servers: TestServers;
let service: JobServiceUnderTest;
let worker: Worker;
let run: (context: TaskContext) => unknown;
const receipts: JobReceipt[] = [];
/** Jobs that metrics-service was asked to forget. */
const forgotten: string[] = [];

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
  service.bus.subscribe(subjects.request('metrics', 'forgetJobs'), (message) => {
    forgotten.push(...operations.forgetJobs.request.parse(message.json()).job_ids);
    message.respond(JSON.stringify({ forgotten: 1 }));
  });
  service.bus.subscribe(subjects.request('recovery', 'forgetFailures'), (message) => {
    message.respond(JSON.stringify({ forgotten: 1 }));
  });
  worker = createWorker({ natsUrl: servers.natsUrl, log: false }).handle('trial.parent', (context) => run(context));
  await worker.start();
});

afterAll(async () => {
  await worker?.stop();
  await service?.stop();
  await servers?.stop();
});

beforeEach(() => {
  receipts.length = 0;
});

const ask = (action: 'getJob' | 'cancelJob', job_id: string) => callAction(service.bus, action, { job_id });

async function parentOf(count: number): Promise<string> {
  const tasks = Array.from({ length: count }, () => ({}));
  return (await callAction(service.bus, 'createJob', { ...head, type: 'trial.parent', tasks }, shop)).job_id;
}

it.each([1, 2])('a job of %d tasks makes its jobs once, though a task runs twice', async (count) => {
  run = async ({ submit, attempt }) => {
    receipts.push(await submit({ ...head, type: 'trial.child', tasks: [{ payload: attempt }] }));
    receipts.push(await submit({ ...head, type: 'trial.child', tasks: [{}, {}] }, { name: 'second' }));
    if (attempt === 1) throw new Error('not yet');
  };
  const parent = await parentOf(count);
  const { items } = await callAction(service.bus, 'listTasks', { job_id: parent, limit: 5 });
  const tasks = items.map(({ id }) => ({ task_id: id, attempt: 1 }));
  await eventually(async () => expect((await ask('getJob', parent)).task_counts).toMatchObject({ failed: count }));
  await service.parts.applyRecovery.retry({ tasks });
  await eventually(async () => expect((await ask('getJob', parent)).status).toBe('completed'));
  const made = [...new Set(receipts.map(({ job_id }) => job_id))];
  expect([receipts.length, made.length]).toEqual([4 * count, 2 * count]);
  expect((await ask('getJob', parent)).child_jobs).toEqual({ count: 2 * count, newest: made.sort().reverse() });
  for (const id of made) expect(await ask('getJob', id)).toMatchObject({ parent_job_id: parent, tenant: 'shop', user_id: 'ann' });
});

it('a job is cancelled and deleted with its parent where that is asked for', async () => {
  const held = new Promise<void>((resolve) => {
    run = async ({ submit, signal }) => {
      receipts.push(await submit({ ...head, type: 'trial.child', tasks: [{}] }, { with_parent: ['cancel', 'delete'] }));
      receipts.push(await submit({ ...head, type: 'trial.child', tasks: [{}] }));
      resolve();
      await new Promise((_, fail) => signal.addEventListener('abort', () => fail(new Error('stopped'))));
    };
  });
  const parent = await parentOf(1);
  await held;
  const [tied, free] = receipts.map(({ job_id }) => job_id) as [string, string];
  await ask('cancelJob', parent);
  await eventually(async () => expect((await ask('getJob', parent)).status).toBe('cancelled'));
  expect([(await ask('getJob', tied)).status, (await ask('getJob', free)).status]).toEqual(['cancelled', 'pending']);
  await callAction(service.bus, 'deleteJob', { job_id: parent, force: false });
  await eventually(async () => expect(await service.parts.directory.open(parent)).toBeNull());
  expect(await service.parts.directory.open(tied)).toBeNull();
  await eventually(() => expect(forgotten).toEqual([tied, parent]));
  expect(await ask('getJob', free)).toMatchObject({ parent_job_id: parent });
});

it('what is no job, or nobody may ask for, is refused with its place', async () => {
  const faults: unknown[] = [];
  run = async ({ submit, task }) => {
    const note = ({ code, extras }: { code: string; extras: { errors: { path: string }[] } }) =>
      faults.push([code, extras.errors[0]?.path]);
    await submit({ ...head, priority: 11, tasks: [{}] }).catch(note);
    await submit({ ...head, validate_only: true, tasks: [{}] } as never).catch(note);
    await callAction(service.bus, 'createChildJob', {
      ...{ job_id: task.job_id, task_id: 'task_01890a5d-ac96-774b-bcce-b302099a8057.0.0', name: 'a', job: head },
    }).catch(note);
  };
  const parent = await parentOf(1);
  await eventually(async () => expect((await ask('getJob', parent)).status).toBe('completed'));
  expect(faults).toEqual([
    ['VALIDATION_FAILED', 'data.job.priority'],
    ['VALIDATION_FAILED', 'data.job.validate_only'],
    ['VALIDATION_FAILED', 'data.task_id'],
  ]);
});
