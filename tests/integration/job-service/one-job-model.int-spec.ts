// A job of one task is the same to everybody, whether it has a record of its own or a place in a bundle.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { jobIdOf, placeOfBundledJob, subjects, type BatchJob, type TaskPage, type WorkHeader } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { v7 as uuidv7 } from 'uuid';
import { BundledJob } from '../../../apps/job-service/src/directory/bundled-job.js';
import { OwnedJob } from '../../../apps/job-service/src/directory/owned-job.js';
import { bundledJob, ownedJob } from './jobs-of-one-task.js';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';
import { ScriptedWorker } from './scripted-worker.js';

const head = {
  ...{ product_id: 'p', sending_group_id: 'g', user_id: 'ann', priority: 7, max_parallel_tasks: 3, safety: 'keyed' as const },
  labels: { team: 'mail' },
};
const line = { id: 'first', payload: { to: 'ada@example.com' } };

let servers: TestServers;
let service: JobServiceUnderTest;
let worker: ScriptedWorker;
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

const bundled = (): Promise<string> => bundledJob(service.bus, { ...head, type }, line);
const owned = (): Promise<string> => ownedJob(service.bus, { ...head, type }, line);

function jobOf(jobId: string): Promise<BatchJob> {
  return callAction(service.bus, 'getJob', { job_id: jobId });
}

function tasksOf(jobId: string, given: { state?: 'ready' | 'cancelled'; cursor?: string } = {}): Promise<TaskPage> {
  return callAction(service.bus, 'listTasks', { job_id: jobId, limit: 10, ...given });
}

function cancel(jobId: string): Promise<BatchJob> {
  return callAction(service.bus, 'cancelJob', { job_id: jobId });
}

function pause(jobId: string, stop = false): Promise<BatchJob> {
  return callAction(service.bus, 'pauseJob', { job_id: jobId, stop });
}

function resume(jobId: string): Promise<BatchJob> {
  return callAction(service.bus, 'resumeJob', { job_id: jobId });
}

/** Waits until the worker has been given whatever could be given. */
async function nothingIsGiven(): Promise<void> {
  const marker = await bundled();
  await eventually(() =>
    expect(worker.slices.some(({ job_id, indexes, chunk_id }) => job_id === null && isAt(marker, chunk_id, indexes))).toBe(true),
  );
}

function isAt(jobId: string, chunkId: string, indexes: readonly number[]): boolean {
  const place = placeOfBundledJob(jobId);
  return place?.chunkId === chunkId && indexes.includes(place.index);
}

/** Has the job's task given to a worker. */
async function given(): Promise<WorkHeader> {
  worker = new ScriptedWorker(service.bus, `worker-${uuidv7()}`, [type]);
  return eventually(() => {
    const [slice] = worker.slices;
    if (!slice) throw new Error('Nothing was given.');
    return slice;
  });
}

async function reaches(jobId: string, status: BatchJob['status']): Promise<BatchJob> {
  return eventually(async () => {
    const job = await jobOf(jobId);
    expect(job.status).toBe(status);
    return job;
  });
}

/** A job without what tells it from others, and without its times: a run of a bundled job begins with its worker, not with its lease. */
function alike({ id: _id, created_at: _created, started_at: _started, finished_at, run_stats, ...rest }: BatchJob): unknown {
  const { task_ms, submit_to_done_ms, ...counts } = run_stats ?? {};
  return { ...rest, counts, ended: finished_at !== null, timed: [task_ms, submit_to_done_ms].map((time) => time !== null) };
}

it('the two are kept in different ways', async () => {
  const { directory } = service.parts;
  expect(await directory.open(await bundled())).toBeInstanceOf(BundledJob);
  expect(await directory.open(await owned())).toBeInstanceOf(OwnedJob);
});

describe.each([
  ['a place in a bundle', bundled],
  ['a record of its own', owned],
])('a job with %s', (_kept, make) => {
  it('is shown with its head, and with what it waits for', async () => {
    const expected = { ...head, retry_config: null, type, status: 'pending', total_tasks: 1, started_at: null };
    await eventually(async () => {
      expect(await jobOf(await make())).toMatchObject({ ...expected, waiting_reason: 'NO_WORKER', finished_at: null });
    });
  });

  it('lists its task, also by state and from a cursor', async () => {
    const jobId = await make();
    const { items, next_cursor } = await tasksOf(jobId);
    expect(items).toMatchObject([{ job_id: jobId, key: 'first', payload: line.payload, state: 'ready', attempts: 0 }]);
    expect(next_cursor).toBeNull();
    expect((await tasksOf(jobId, { state: 'ready' })).items).toHaveLength(1);
    expect((await tasksOf(jobId, { state: 'cancelled' })).items).toEqual([]);
    const place = placeOfBundledJob(jobId)?.index ?? 0;
    expect((await tasksOf(jobId, { cursor: `0.${place + 1}` })).items).toEqual([]);
  });

  it('runs, and is completed', async () => {
    const jobId = await make();
    const slice = await given();
    await reaches(jobId, 'running');
    await worker.succeed(slice);
    const { task_counts, run_stats } = await reaches(jobId, 'completed');
    expect(task_counts).toMatchObject({ succeeded: 1, ready: 0 });
    expect(run_stats).toMatchObject({ first_try: 1, retries: 0, recovered: 0 });
  });

  it('is cancelled at once while it waits, and stays so', async () => {
    const jobId = await make();
    await cancel(jobId);
    await reaches(jobId, 'cancelled');
    expect(await cancel(jobId)).toMatchObject({ status: 'cancelled', task_counts: { cancelled: 1 } });
  });

  it('is being cancelled while a worker has its task, which is asked to stop as often as one asks', async () => {
    const jobId = await make();
    const slice = await given();
    await reaches(jobId, 'running');
    expect(await cancel(jobId)).toMatchObject({ status: 'cancelling', finished_at: null });
    expect(await cancel(jobId)).toMatchObject({ status: 'cancelling' });
    await eventually(() => expect(worker.stopped).toEqual(Array(2).fill([slice.chunk_id, slice.indexes])));
    await worker.obey(slice);
    expect((await reaches(jobId, 'cancelled')).task_counts).toMatchObject({ cancelled: 1 });
  });

  it('is completed although it is being cancelled, or cancelled: a success that came first is kept', async () => {
    const jobId = await make();
    const slice = await given();
    await reaches(jobId, 'running');
    await cancel(jobId);
    await worker.succeed(slice);
    await eventually(async () => expect((await jobOf(jobId)).task_counts).toMatchObject({ succeeded: 1, cancelled: 0 }));
  });

  it('is cancelled no more once it has ended', async () => {
    const jobId = await make();
    await worker?.succeed(await given());
    await reaches(jobId, 'completed');
    await expect(cancel(jobId)).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      extras: { current: 'completed', errors: [{ path: 'data.job_id', rule: 'STATE', got: 'completed' }] },
    });
  });

  it('that is paused is given to nobody until it is resumed, and pausing or resuming it twice changes nothing', async () => {
    const jobId = await make();
    expect(await pause(jobId)).toMatchObject({ status: 'paused', detailed_status: { current_phase: 'paused' } });
    expect(await pause(jobId)).toMatchObject({ status: 'paused', task_counts: { ready: 1 } });
    worker = new ScriptedWorker(service.bus, `worker-${uuidv7()}`, [type]);
    await nothingIsGiven();
    expect(worker.slices).toHaveLength(1);
    expect((await tasksOf(jobId, { state: 'ready' })).items).toHaveLength(1);
    expect(await resume(jobId)).toMatchObject({ status: expect.stringMatching(/pending|running/) });
    await eventually(() => expect(worker.slices).toHaveLength(2));
    await reaches(jobId, 'running');
    expect(await resume(jobId)).toMatchObject({ status: 'running' });
    await worker.succeed(worker.slices[1] as WorkHeader);
    expect((await reaches(jobId, 'completed')).run_stats).toMatchObject({ first_try: 1, retries: 0 });
  });

  it('that is paused while its task runs lets it end, and ends with it', async () => {
    const jobId = await make();
    const slice = await given();
    await reaches(jobId, 'running');
    expect(await pause(jobId)).toMatchObject({ status: 'paused', detailed_status: { active_tasks: 1 } });
    await worker.succeed(slice);
    await reaches(jobId, 'completed');
    expect(worker.askedBack).toEqual([]);
  });

  it('that is paused with what runs gets its task back, and the run does not count', async () => {
    const jobId = await make();
    const slice = await given();
    await reaches(jobId, 'running');
    await pause(jobId, true);
    await eventually(() => expect(worker.askedBack).toEqual([[slice.chunk_id, slice.indexes]]));
    await worker.obey(slice);
    await eventually(async () =>
      expect(await jobOf(jobId)).toMatchObject({ status: 'paused', task_counts: { ready: 1, leased: 0 } }),
    );
    expect((await tasksOf(jobId)).items).toMatchObject([{ state: 'ready', attempts: 0, error: null }]);
    await resume(jobId);
    await worker.succeed(await eventually(() => worker.slices[0] ?? Promise.reject(new Error('Nothing was given.'))));
    expect((await reaches(jobId, 'completed')).run_stats).toMatchObject({ first_try: 1, retries: 0, recovered: 0 });
  });

  it('that is paused can be cancelled', async () => {
    const jobId = await make();
    await pause(jobId);
    await cancel(jobId);
    await reaches(jobId, 'cancelled');
  });

  it('that has ended can be neither paused nor resumed', async () => {
    const jobId = await make();
    await cancel(jobId);
    await reaches(jobId, 'cancelled');
    const allowed = ['scheduled', 'pending', 'running', 'recovering'];
    await expect(pause(jobId)).rejects.toMatchObject({ code: 'STATE_CONFLICT', extras: { current: 'cancelled', allowed } });
    await expect(resume(jobId)).rejects.toMatchObject({ code: 'STATE_CONFLICT', extras: { allowed: ['paused'] } });
  });

  it('tells who paused it and who let it go on', async () => {
    const told: { job_id: string }[] = [];
    const listening = service.bus.subscribe(subjects.jobEvents, (message) => {
      if (/paused|resumed/.test(message.subject)) told.push(...message.json<{ jobs: { job_id: string }[] }>().jobs);
    });
    const jobId = await make();
    await pause(jobId, true);
    await resume(jobId);
    await eventually(() => {
      expect(told.filter(({ job_id }) => job_id === jobId)).toEqual([
        { job_id: jobId, status: 'paused', by: 'nats', stopped: true },
        { job_id: jobId, status: 'pending', by: 'nats' },
      ]);
    });
    listening.unsubscribe();
  });

  it('is not found under an id near its own', async () => {
    const jobId = await make();
    const other = placeOfBundledJob(jobId) ? `${jobId.slice(0, -1)}9` : jobIdOf(uuidv7());
    for (const ask of [jobOf, tasksOf, cancel, pause, resume]) {
      await expect(ask(other)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    }
  });
});

it('at each step of its life the one is shown as the other is', async () => {
  const ids = [await bundled(), await owned()];
  const shown = async (): Promise<unknown[]> => Promise.all(ids.map(async (id) => alike(await jobOf(id))));
  const areAlike = async (status: BatchJob['status']): Promise<void> => {
    for (const id of ids) await reaches(id, status);
    await eventually(async () => {
      const [one, other] = await shown();
      expect(one).toEqual(other);
    });
  };
  await areAlike('pending');
  for (const id of ids) await pause(id);
  await areAlike('paused');
  for (const id of ids) await resume(id);
  await areAlike('pending');
  worker = new ScriptedWorker(service.bus, `worker-${uuidv7()}`, [type]);
  await eventually(() => expect(worker.slices).toHaveLength(2));
  await areAlike('running');
  for (const slice of [...worker.slices]) await worker.succeed(slice);
  await areAlike('completed');
});
