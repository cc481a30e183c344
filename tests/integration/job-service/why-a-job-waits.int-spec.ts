// Why a job waits is told for a job of one task as for one of many: by what is true of the workers and of other jobs at that moment.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CreateJobInput, JobExplanation } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { v7 as uuidv7 } from 'uuid';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';
import { ScriptedWorker } from './scripted-worker.js';

const line = { payload: { to: 'ada@example.com' } };

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

afterEach(() => {
  worker?.stop();
  worker = undefined;
});

async function create(tasks: number, given: Partial<CreateJobInput> = {}): Promise<string> {
  const job = {
    product_id: 'p',
    sending_group_id: 'g',
    type,
    safety: 'unsafe' as const,
    tasks: Array<typeof line>(tasks).fill(line),
  };
  return (await callAction(service.bus, 'createJob', { ...job, ...given })).job_id;
}

function explain(jobId: string): Promise<JobExplanation> {
  return callAction(service.bus, 'explainJob', { job_id: jobId });
}

/** A worker of ten slots that never ends a task by itself. */
function startWorker(queues = [type]): ScriptedWorker {
  worker = new ScriptedWorker(service.bus, `worker-${uuidv7()}`, queues);
  return worker;
}

async function explained(jobId: string, ...waits: object[]): Promise<void> {
  await eventually(async () => expect((await explain(jobId)).waiting).toMatchObject(waits));
}

describe.each([
  ['of one task', 1],
  ['of twenty tasks', 20],
])('a job %s', (_, tasks) => {
  it('waits for a worker of its type, and for nothing once it runs', async () => {
    const jobId = await create(tasks);
    await explained(jobId, { reason: 'NO_WORKER', tasks, do: expect.stringContaining('Start a worker') });
    const { id } = startWorker();
    await eventually(async () => expect((await explain(jobId)).status).toBe('running'));
    await explained(jobId, ...(tasks > 10 ? [{ reason: 'WORKERS_FULL', tasks: 10, holder: id }] : []));
  });

  it('waits for the database while that is away, and says what memory has beside', async () => {
    const jobId = await create(tasks);
    const pid = servers.mongo.pid as number;
    process.kill(pid, 'SIGSTOP');
    const waiting = await explain(jobId).finally(() => process.kill(pid, 'SIGCONT'));
    expect(waiting.waiting).toMatchObject([
      { reason: 'STORE_AWAY', holder: 'MongoDB', do: expect.stringContaining('MongoDB') },
      { reason: 'NO_WORKER', tasks },
    ]);
    await explained(jobId, { reason: 'NO_WORKER', tasks });
  });

  it('waits for whoever paused it', async () => {
    const jobId = await create(tasks);
    await callAction(service.bus, 'pauseJob', { job_id: jobId });
    startWorker();
    await explained(jobId, { reason: 'PAUSED', tasks, do: `./kintsugi resume ${jobId}` });
    await callAction(service.bus, 'resumeJob', { job_id: jobId });
    await eventually(async () => expect((await explain(jobId)).status).toBe('running'));
  });

  it('waits for its turn among jobs of its priority, and behind those of a higher one', async () => {
    const { id, slices } = startWorker();
    await create(10);
    await eventually(() => expect(slices.flatMap(({ indexes }) => indexes)).toHaveLength(10));
    const older = await create(3);
    await explained(older, { reason: 'WORKERS_FULL', tasks: 3, holder: id, what: expect.not.stringContaining('before it') });
    const jobId = await create(tasks);
    await explained(jobId, {
      reason: 'FAIRNESS',
      tasks,
      holder: older,
      what: expect.stringContaining('takes turns with 1 other'),
    });
    const urgent = await create(2, { priority: 9 });
    await explained(jobId, { reason: 'PRIORITY', tasks, holder: urgent });
  });
});

it('a job that runs as many tasks as it may waits for itself, however much room its workers have', async () => {
  const jobId = await create(20, { max_parallel_tasks: 2 });
  startWorker();
  await explained(jobId, { reason: 'MAX_PARALLEL', tasks: 18, holder: jobId });
});

it('a job whose tasks are still to be made waits for a planner', async () => {
  const jobId = (await callAction(service.bus, 'createJob', { product_id: 'p', sending_group_id: 'g', type })).job_id;
  await explained(jobId, { reason: 'NO_WORKER', tasks: null });
  startWorker([`plan:${type}`]);
  await explained(jobId, { reason: 'PLANNING', tasks: null, holder: worker?.id });
});

it('of a job that does not exist nothing is explained', async () => {
  await expect(explain(`job_${uuidv7()}`)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
});
