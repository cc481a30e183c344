// Deleting a job means the same to one with a record of its own and to one at a place of a bundle: nothing of it is left.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ProblemError,
  jobIdOf,
  operations,
  placeOfBundledJob,
  subjects,
  type BatchJob,
  type EventData,
  type JobDeletion,
} from '@kintsugi/contracts';
import { callAction, replyWithProblem } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { v7 as uuidv7 } from 'uuid';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';
import { ScriptedWorker } from './scripted-worker.js';

const head = { product_id: 'p', sending_group_id: 'g', user_id: 'ann', labels: { secret: 'label-3141' } };
const secret = 'ada-3141@example.com';

let servers: TestServers;
let service: JobServiceUnderTest;
let worker: ScriptedWorker | undefined;
let type: string;
/** Jobs that the other services were asked to forget, by who was asked. */
let forgotten: Record<'metrics' | 'recovery', string[]>;
let areAway: boolean;

beforeAll(async () => {
  servers = await startTestServers();
  await start();
});

async function start(settings: Record<string, string> = {}): Promise<void> {
  await service?.stop();
  service = await startJobService(servers, settings);
  answer('metrics', 'forgetJobs');
  answer('recovery', 'forgetFailures');
}

function answer(name: 'metrics' | 'recovery', action: 'forgetJobs' | 'forgetFailures'): void {
  service.bus.subscribe(subjects.request(name, action), (message) => {
    if (areAway) {
      return replyWithProblem(
        message,
        new ProblemError('STORE_UNAVAILABLE', 'away'),
        () => undefined,
        () => false,
      );
    }
    const { job_ids: jobIds } = operations[action].request.parse(message.json());
    forgotten[name].push(...jobIds);
    message.respond(JSON.stringify({ forgotten: jobIds.length }));
  });
}

afterAll(async () => {
  await service?.stop();
  await servers?.stop();
});

beforeEach(() => {
  [type, areAway, forgotten] = [`trial.${uuidv7()}`, false, { metrics: [], recovery: [] }];
});

afterEach(() => {
  worker?.stop();
  worker = undefined;
});

interface Made {
  jobId: string;
  /** Hands in the same once more. */
  again: () => Promise<{ job_id: string; status: string; replayed: boolean }>;
}

async function bundled(): Promise<Made> {
  const request = { ...head, type, idempotency_key: `key-${secret}-${type}`, tasks: [{ id: secret, payload: { to: secret } }] };
  const again = () => callAction(service.bus, 'createJob', request);
  return { jobId: (await again()).job_id, again };
}

async function owned(): Promise<Made> {
  const jobId = jobIdOf(uuidv7());
  const tasks = `{"payload":"${secret}"}`;
  for (const sequence of [0, 1]) await callAction(service.bus, 'stageTasks', { job_id: jobId, sequence, tasks, count: 1 });
  const job = { ...head, type, idempotency_key: `own-${secret}-${type}` };
  const upload = { job_id: jobId, chunks: 2, fingerprint: 'f', total_tasks: 2, job };
  const again = () => callAction(service.bus, 'commitUpload', upload);
  return { jobId: (await again()).job_id, again };
}

function jobOf(jobId: string): Promise<BatchJob> {
  return callAction(service.bus, 'getJob', { job_id: jobId });
}

function remove(jobId: string, force = false): Promise<JobDeletion> {
  return callAction(service.bus, 'deleteJob', { job_id: jobId, force });
}

async function isGone(jobId: string): Promise<void> {
  await eventually(() => expect(jobOf(jobId)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' }));
}

/** Everything that the database of job-service holds, as text. */
async function dump(): Promise<string> {
  const { db } = service.store;
  const collections = await db.listCollections().toArray();
  return JSON.stringify(await Promise.all(collections.map(({ name }) => db.collection(name).find().toArray())));
}

describe.each([
  ['a place in a bundle', bundled],
  ['a record of its own', owned],
])('a job with %s', (_kept, make) => {
  it('that has ended is deleted, and nothing of it is left in the store', async () => {
    const { jobId } = await make();
    await callAction(service.bus, 'pauseJob', { job_id: jobId });
    await callAction(service.bus, 'cancelJob', { job_id: jobId });
    await eventually(async () => expect((await jobOf(jobId)).status).toBe('cancelled'));
    expect(await dump()).toContain(secret);
    const told: unknown[] = [];
    const listening = service.bus.subscribe(subjects.event('job.deleted'), (message) => told.push(message.json()));
    expect(await remove(jobId)).toEqual({ job_id: jobId, status: 'deleted' });
    await isGone(jobId);
    const left = await dump();
    for (const text of [secret, 'label-3141', `${jobId} pause`]) expect(left).not.toContain(text);
    expect(forgotten).toEqual({ metrics: [jobId], recovery: [jobId] });
    await eventually(() => expect(told).toEqual([{ jobs: [{ job_id: jobId, by: 'nats' }] }]));
    listening.unsubscribe();
  });

  it('that has not ended is refused, with what to do', async () => {
    const { jobId } = await make();
    await expect(remove(jobId)).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      message: expect.stringContaining('force'),
      extras: { current: 'pending', allowed: ['completed', 'failed', 'cancelled'] },
    });
    expect(await jobOf(jobId)).toMatchObject({ status: 'pending' });
    expect(await remove(jobId, true)).toEqual({ job_id: jobId, status: 'deleted' });
    await isGone(jobId);
  });

  it('that runs is stopped first, and goes once its worker has let it go', async () => {
    const { jobId } = await make();
    const current = (worker = new ScriptedWorker(service.bus, `worker-${uuidv7()}`, [type]));
    await eventually(async () => expect((await jobOf(jobId)).status).toBe('running'));
    expect(await remove(jobId, true)).toEqual({ job_id: jobId, status: 'deleting' });
    await eventually(() => expect(current.stopped.length).toBeGreaterThan(0));
    expect((await jobOf(jobId)).status).toBe('cancelling');
    expect(await remove(jobId, true)).toEqual({ job_id: jobId, status: 'deleting' });
    const slices = [...current.slices];
    for (const slice of slices) await current.obey(slice);
    await isGone(jobId);
    // What its worker says once more changes nothing.
    for (const slice of slices) await current.obey(slice);
    expect(await dump()).not.toContain(secret);
  });

  it('is not made again by what comes late', async () => {
    const { jobId, again } = await make();
    await remove(jobId, true);
    await isGone(jobId);
    const late = await again().catch((error: unknown) => error);
    // An upload names its job by the id that it will have.
    const refused = { code: 'JOB_NOT_FOUND', message: expect.stringContaining('deleted') };
    expect(late).toMatchObject(make === owned ? refused : { job_id: jobId, status: 'deleting', replayed: true });
    await expect(jobOf(jobId)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    await expect(remove(jobId)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  });

  it('goes on being deleted until the other services have forgotten it too', async () => {
    const { jobId } = await make();
    areAway = true;
    expect((await remove(jobId, true)).status).toBe('deleting');
    await isGone(jobId);
    areAway = false;
    await eventually(() => expect(forgotten).toEqual({ metrics: [jobId], recovery: [jobId] }));
  });
});

it('the neighbours of a deleted job in a bundle stay', async () => {
  const make = (at: number) =>
    callAction(service.bus, 'createJob', { ...head, type, tasks: [{ id: `t${at}`, payload: { at } }] });
  const jobs = await Promise.all(Array.from({ length: 20 }, (_, at) => make(at)));
  const [first, second, ...others] = jobs.map(({ job_id }) => job_id) as [string, string, ...string[]];
  await remove(second, true);
  await isGone(second);
  const read = await service.parts.store.load(jobs.map(({ job_id }) => placeOfBundledJob(job_id)?.chunkId ?? ''));
  const left = read.flatMap(({ identity }) => identity.jobs?.flatMap((job) => job?.id ?? []) ?? []);
  expect(left.sort()).toEqual([first, ...others].sort());
  expect(await jobOf(first)).toMatchObject({ status: 'pending' });
  worker = new ScriptedWorker(service.bus, `worker-${uuidv7()}`, [type]);
  await eventually(() => expect(worker?.slices.length).toBeGreaterThan(0));
  for (let done = 0; done < 19;) {
    for (const slice of worker.slices.splice(0)) {
      done += slice.indexes.length;
      await worker.succeed(slice);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const other of [first, ...others]) await eventually(async () => expect((await jobOf(other)).status).toBe('completed'));
});

describe('a job that cannot end as things stand', () => {
  beforeAll(() => start({ WEDGED_AFTER_MS: '300' }));
  afterAll(() => start());

  it('is told of no more once it is deleted, and those that share its wedge are', async () => {
    const told: [string, string[]][] = [];
    const listening = (['job.wedged', 'job.unwedged'] as const).map((name) =>
      service.bus.subscribe(subjects.event(name), (message) => {
        const { jobs } = message.json<EventData<'job.wedged'>>();
        told.push([name, jobs.filter(({ what }) => what.includes(type)).map(({ job_id: id }) => id)]);
      }),
    );
    const [first, second] = [await owned(), await bundled()].map(({ jobId }) => jobId) as [string, string];
    await eventually(() => expect(told.flatMap(([, ids]) => ids).sort()).toEqual([first, second].sort()));
    expect(await dump()).toContain(`"job_id":"${first}","tenant"`);
    expect((await remove(first, true)).status).toBe('deleted');
    expect(await dump()).not.toContain(`"job_id":"${first}","tenant"`);
    worker = new ScriptedWorker(service.bus, `worker-${uuidv7()}`, [type]);
    await eventually(() => expect(told.filter(([name]) => name === 'job.unwedged')).toEqual([['job.unwedged', [second]]]));
    for (const one of listening) one.unsubscribe();
  });
});

describe('jobs that a filter fits', () => {
  /** metrics-service as far as it is asked for jobs. */
  function listing(jobIds: string[]): { asked: unknown[]; stop: () => void } {
    const asked: unknown[] = [];
    const listening = service.bus.subscribe(subjects.request('metrics', 'fetchJobHistory'), (message) => {
      const request = operations.fetchJobHistory.request.parse(message.json());
      asked.push(request);
      const items = jobIds.map((id) => ({ id }));
      const pagination = { page: 1, per_page: 200, total: items.length, total_is_capped: false, next_cursor: null };
      message.respond(JSON.stringify({ items, pagination, aggregations: { counted: { jobs: items.length } } }));
    });
    return { asked, stop: () => listening.unsubscribe() };
  }

  it('are counted first and then deleted, and one that has not ended stays', async () => {
    const made = [await bundled(), await owned()].map(({ jobId }) => jobId) as [string, string];
    const { job_id: running } = await callAction(service.bus, 'createJob', { ...head, type, tasks: [{ payload: 1 }] });
    for (const jobId of made) await callAction(service.bus, 'cancelJob', { job_id: jobId });
    for (const jobId of made) await eventually(async () => expect((await jobOf(jobId)).status).toBe('cancelled'));
    const history = listing([...made, running]);
    const filter = { type };
    expect(await callAction(service.bus, 'deleteJobs', { filter, dry_run: true })).toMatchObject({ total: 3, deleting: 0 });
    expect(await jobOf(made[0])).toMatchObject({ status: 'cancelled' });
    expect(await callAction(service.bus, 'deleteJobs', { filter })).toMatchObject({
      total: null,
      deleting: 2,
      next_cursor: null,
    });
    history.stop();
    expect(history.asked).toEqual(
      Array(2).fill(expect.objectContaining({ filters: { type, status: ['completed', 'failed', 'cancelled'] } })),
    );
    for (const jobId of made) await isGone(jobId);
    expect(await jobOf(running)).toMatchObject({ status: 'pending' });
    expect(forgotten.metrics.sort()).toEqual([...made].sort());
  });

  it('need a filter beside their status', async () => {
    await expect(callAction(service.bus, 'deleteJobs', { filter: { status: ['failed'] } })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      extras: { errors: [expect.objectContaining({ path: 'data.filter' })] },
    });
  });
});

describe('retention', () => {
  const moments = '0.000001';

  async function ended(make: () => Promise<Made>): Promise<string> {
    const { jobId } = await make();
    await callAction(service.bus, 'cancelJob', { job_id: jobId });
    await eventually(async () => expect((await jobOf(jobId)).status).toBe('cancelled'));
    return jobId;
  }

  afterAll(async () => {
    await start();
  });

  it.each([
    ['whose time is up', { JOB_RETENTION_DAYS: `9999,cancelled=${moments}` }],
    ['while all together take too much', { JOB_RETENTION_GB: '0.000000001' }],
  ])('deletes jobs %s, of both kinds, and leaves those that have not ended', async (_, settings) => {
    const gone = [await ended(bundled), await ended(owned)];
    const { job_id: waiting } = await callAction(service.bus, 'createJob', { ...head, type, tasks: [{ payload: 1 }] });
    await start(settings);
    for (const jobId of gone) await isGone(jobId);
    expect(await jobOf(waiting)).toMatchObject({ status: 'pending' });
    await eventually(async () => expect(await service.counted('kintsugi_retention_deletions_total')).toBeGreaterThanOrEqual(2));
  });
});
