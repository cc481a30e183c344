// Tasks wait for others of their job, and jobs for others: they run after them, and go on after another replica has taken over.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CreateJobInput, TaskInput } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { NonRetryable, createWorker, type Worker } from '@kintsugi/worker-sdk';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';

const head = {
  product_id: 'p',
  sending_group_id: 'g',
  type: 'trial.build',
  retry_config: { max_attempts: 1, retry_interval: 0, retry_on_errors: [] },
};

let servers: TestServers;
let service: JobServiceUnderTest;
let worker: Worker;
const ran: (string | null)[] = [];
let held: Promise<void> = Promise.resolve();

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
  worker = createWorker({ natsUrl: servers.natsUrl, log: false }).handle('trial.build', async ({ task, parents }) => {
    if (task.key === 'held') await held;
    ran.push(task.key);
    if (task.key === 'broken') throw new NonRetryable('no', { error_type: 'trial.broken' });
    const seen: unknown[] = [];
    for await (const { key, result } of parents()) seen.push([key, result]);
    return seen;
  });
  await worker.start();
});

afterAll(async () => {
  await worker?.stop();
  await service?.stop();
  await servers?.stop();
});

async function create(tasks: TaskInput[], given: Partial<CreateJobInput> = {}): Promise<string> {
  ran.length = 0;
  return (await callAction(service.bus, 'createJob', { ...head, ...given, tasks })).job_id;
}

async function tasksOf(jobId: string) {
  const { items } = await callAction(service.bus, 'listTasks', { job_id: jobId, limit: 200 });
  return items;
}

async function ends(jobId: string, status: string): Promise<void> {
  await eventually(async () => expect((await callAction(service.bus, 'getJob', { job_id: jobId })).status).toBe(status));
}

it('a task runs after those that it waits for, and sees what they gave back', async () => {
  const jobId = await create([{ id: 'last', depends_on: ['b', 'a'] }, { id: 'b', depends_on: ['a'] }, { id: 'a' }]);
  await ends(jobId, 'completed');
  expect(ran).toEqual(['a', 'b', 'last']);
  const [last] = await tasksOf(jobId);
  expect(last).toMatchObject({
    depends_on: ['b', 'a'],
    result: [
      ['b', [['a', []]]],
      ['a', []],
    ],
  });
});

it('what waits goes on after another replica has taken over, and says meanwhile what it waits for', async () => {
  let release = (): void => undefined;
  held = new Promise((resolve) => (release = resolve));
  const jobId = await create([{ id: 'held' }, { id: 'next', depends_on: ['held'] }, { id: 'last', depends_on: ['next'] }]);
  const [first] = await tasksOf(jobId);
  await eventually(async () =>
    expect((await callAction(service.bus, 'explainJob', { job_id: jobId })).waiting).toMatchObject([
      { reason: 'DEPENDENCY', tasks: 2, holder: first?.id },
    ]),
  );
  await service.stop();
  service = await startJobService(servers);
  release();
  await ends(jobId, 'completed');
  expect(ran).toEqual(['held', 'next', 'last']);
});

it.each([
  [undefined, 'failed', ['dead', 'dead', 'succeeded']],
  ['skip' as const, 'failed', ['dead', 'skipped', 'succeeded']],
  ['run' as const, 'failed', ['dead', 'succeeded', 'succeeded']],
])('where one fails for good, what waits for it ends by on_dependency_failure %s', async (rule, status, states) => {
  const tasks = [{ id: 'broken' }, { id: 'after', depends_on: ['broken'] }, { id: 'free' }];
  const jobId = await create(tasks, rule ? { on_dependency_failure: rule } : {});
  const [broken] = await tasksOf(jobId);
  await eventually(async () => expect((await tasksOf(jobId))[0]?.state).toBe('failed'));
  await service.parts.applyRecovery.discard({ tasks: [{ task_id: broken?.id ?? '', attempt: 1, reason: 'it is final' }] });
  await ends(jobId, status);
  expect((await tasksOf(jobId)).map(({ state }) => state)).toEqual(states);
});

it('a cycle is refused with its way, and nothing is made', async () => {
  const tasks = [
    { id: 'a', depends_on: ['c'] },
    { id: 'b', depends_on: ['a'] },
    { id: 'c', depends_on: ['b'] },
  ];
  await expect(create(tasks)).rejects.toMatchObject({
    code: 'DEPENDENCY_INVALID',
    extras: { errors: [{ path: 'data.tasks[0].depends_on', rule: 'CYCLE', got: 'a -> c -> b -> a' }] },
  });
  await expect(create([{ id: 'a', depends_on: ['a'] }])).rejects.toMatchObject({ code: 'DEPENDENCY_INVALID' });
});

describe('a job that waits for others', () => {
  const ask = (action: 'getJob' | 'cancelJob', job_id: string) => callAction(service.bus, action, { job_id });

  it.each([1, 2])(
    'of %d tasks runs after a job of one task and one of many, also where another replica has taken over',
    async (count) => {
      let release = (): void => undefined;
      held = new Promise((resolve) => (release = resolve));
      const one = await create([{ id: 'held' }]);
      const many = await create([{ id: 'held' }, { id: 'free' }]);
      const tasks = Array.from({ length: count }, (_, index) => ({ id: `late${index}` }));
      const waiting = await create(tasks, { depends_on: [one, { job_id: many, on: 'finished' }] });
      expect(await ask('getJob', waiting)).toMatchObject({ status: 'scheduled', waits_for: [one, many], awaited_jobs: 2 });
      const { waiting: why } = await callAction(service.bus, 'explainJob', { job_id: waiting });
      expect(why).toMatchObject([{ reason: 'DEPENDENCY', tasks: count, holder: `${one}, ${many}` }]);
      await service.stop();
      service = await startJobService(servers);
      expect(await ask('getJob', waiting)).toMatchObject({ status: 'scheduled' });
      release();
      await ends(waiting, 'completed');
      const firstLate = ran.findIndex((key) => key?.startsWith('late'));
      expect(ran.slice(0, firstLate).sort()).toEqual(['free', 'held', 'held']);
      expect(await ask('getJob', waiting)).not.toHaveProperty('waits_for');
    },
  );

  it('is given up where one fails, with the reason, and can be cancelled before', async () => {
    const external = await callAction(service.bus, 'createJob', { ...head, retry_config: undefined, executor: 'external' });
    const [first, second] = [
      await create([{ id: 'a' }, { id: 'b' }], { depends_on: [external.job_id] }),
      await create([{ id: 'a' }], { depends_on: [external.job_id] }),
    ];
    await ask('cancelJob', second);
    await ends(second, 'cancelled');
    for (const status of ['running', 'failed'] as const) {
      await callAction(service.bus, 'updateBatchJob', { job_id: external.job_id, status });
    }
    await ends(first, 'failed');
    expect(await ask('getJob', first)).toMatchObject({
      error: { error_type: 'dependency.failed', error_message: `It waited for ${external.job_id}, which has failed.` },
      task_counts: { cancelled: 2 },
    });
    expect(ran).toEqual([]);
  });

  it('says beforehand what it would wait for, and refuses what is not there', async () => {
    const external = await callAction(service.bus, 'createJob', { ...head, retry_config: undefined, executor: 'external' });
    const job = { ...head, depends_on: [external.job_id], tasks: [{}], validate_only: true };
    const preview = await callAction(service.bus, 'createJob', job);
    expect(preview).toMatchObject({ rules: expect.arrayContaining([expect.objectContaining({ field: 'depends_on' })]) });
    await callAction(service.bus, 'deleteJob', { job_id: external.job_id, force: true });
    for (const validate_only of [true, false]) {
      await expect(callAction(service.bus, 'createJob', { ...job, validate_only })).rejects.toMatchObject({
        code: 'DEPENDENCY_INVALID',
        extras: { errors: [{ path: 'data.depends_on[0]', rule: 'DELETED' }] },
      });
    }
    await expect(create([{}], { depends_on: ['job_1'] })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      extras: { errors: [{ path: 'data.depends_on[0]', rule: 'FORMAT' }] },
    });
  });
});
