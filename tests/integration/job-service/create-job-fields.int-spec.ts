// What createJob takes beside a job's tasks, at the doors of job-service.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { REPLY_TO_HEADER, jobIdOf, subjects, type JobPreview } from '@kintsugi/contracts';
import { applyTopology, callAction, headersOf } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { v7 as uuidv7 } from 'uuid';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';
import { ScriptedWorker } from './scripted-worker.js';

let servers: TestServers;
let service: JobServiceUnderTest;
let type: string;

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
  await applyTopology(service.bus);
});

afterAll(async () => {
  await service?.stop();
  await servers?.stop();
});

beforeEach(() => {
  type = `trial.${uuidv7()}`;
});

const head = { product_id: 'p', sending_group_id: 'g' };

async function stored(): Promise<number> {
  const counts = await Promise.all(
    ['jobs', 'chunks', 'idempotency_keys'].map((name) => service.store.collection(name).countDocuments()),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

function preview(job: object): Promise<JobPreview> {
  return callAction(service.bus, 'createJob', {
    ...head,
    ...job,
    validate_only: true,
  }) as Promise<unknown> as Promise<JobPreview>;
}

function ruleOf({ rules }: JobPreview, field: string) {
  return rules.find((rule) => rule.field === field);
}

it('a key that was claimed for a job that was never written makes the job of the next upload under it', async () => {
  const idempotency_key = `key of ${type}`;
  const job = { ...head, type, priority: 5, safety: 'idempotent' as const, labels: {}, idempotency_key };
  const upload = async (chunks: number) => {
    const job_id = jobIdOf(uuidv7());
    await callAction(service.bus, 'stageTasks', { job_id, sequence: 0, tasks: '{}', count: 1 });
    return callAction(service.bus, 'commitUpload', { job_id, job, chunks, total_tasks: chunks, fingerprint: 'f' });
  };
  await expect(upload(2)).rejects.toMatchObject({ code: 'UPLOAD_CONFLICT' });
  await expect(upload(2)).rejects.toMatchObject({ code: 'UPLOAD_CONFLICT' });
  const receipt = await upload(1);
  expect(receipt).toMatchObject({ status: 'pending', total_tasks: 1, replayed: false });
  expect(await upload(1)).toMatchObject({ job_id: receipt.job_id, replayed: true });
});

describe('validate_only', () => {
  it('says what would happen, rule by rule, and stores nothing', async () => {
    const before = await stored();
    const retry_config = { max_attempts: 3, retry_interval: 2, retry_on_errors: ['net.*'] };
    const told = await preview({ type, tasks: [{}, {}], retry_config, idempotency_key: `key of ${type}` });
    expect(told.job).toMatchObject({ type, priority: 5, safety: 'idempotent', labels: {}, retry_config, total_tasks: 2 });
    expect(told.job.max_parallel_tasks).toBeNull();
    expect(ruleOf(told, 'queue')).toMatchObject({ value: type });
    expect(ruleOf(told, 'priority')).toMatchObject({ value: 5, from: 'default' });
    expect(ruleOf(told, 'retry_config')).toMatchObject({ from: 'job', says: expect.stringContaining('at most 3 times') });
    expect(ruleOf(told, 'workers')).toMatchObject({ value: 0, says: expect.stringContaining('would wait') });
    expect(ruleOf(told, 'idempotency_key')?.says).toContain('free');
    expect(await stored()).toBe(before);
  });

  it('knows who could plan it or run it, and the job that its key has made', async () => {
    const worker = new ScriptedWorker(service.bus, `worker-${uuidv7()}`, [type]);
    try {
      const key = { idempotency_key: `key of ${type}` };
      await eventually(async () => expect(ruleOf(await preview({ type, tasks: [{}] }), 'workers')?.value).toBe(1));
      expect(ruleOf(await preview({ type }), 'queue')).toMatchObject({ value: `plan:${type}` });
      const { job_id } = await callAction(service.bus, 'createJob', { ...head, type, tasks: [{}], ...key });
      expect(ruleOf(await preview({ type, tasks: [{}], ...key }), 'idempotency_key')?.says).toContain(job_id);
    } finally {
      worker.stop();
    }
  });

  it('refuses what createJob refuses', async () => {
    await expect(preview({ type, priority: 12, tasks: [{}] })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      extras: { errors: [{ path: 'data.priority', got: '12', allowed: expect.stringContaining('9') }] },
    });
    await expect(callAction(service.bus, 'createJob', { ...head, type, validate_only: 'yes' } as never)).rejects.toMatchObject({
      extras: { errors: [{ path: 'data.validate_only', rule: 'TYPE' }] },
    });
  });

  it('is answered to an upload and to a durable command, and no job comes of them', async () => {
    const before = await stored();
    const job = { ...head, type, priority: 5, safety: 'idempotent' as const, labels: {}, validate_only: true };
    const upload = { job_id: jobIdOf(uuidv7()), job, chunks: 4, total_tasks: 1_000, fingerprint: '' };
    expect(await callAction(service.bus, 'commitUpload', upload)).toMatchObject({ job: { total_tasks: 1_000 } });
    const answer = new Promise<unknown>((resolve) => {
      service.bus.subscribe('answers.preview', (message) => resolve(message.json()));
    });
    const command = { ...head, type, tasks: [{}], validate_only: true };
    await service.bus.js.publish(subjects.command('createJob'), JSON.stringify(command), {
      headers: headersOf({ [REPLY_TO_HEADER]: 'answers.preview' }),
    });
    expect(await answer).toMatchObject({ validate_only: true, job: { type } });
    expect(await stored()).toBe(before);
  });
});

describe('createJobs', () => {
  const create = (jobs: object[]) => callAction(service.bus, 'createJobs', { jobs } as never);

  it('makes each job that is good, and says of each other what is wrong with it', async () => {
    const one = { ...head, type, tasks: [{ payload: 1 }] };
    const key = { idempotency_key: `key of ${type}` };
    const { accepted, refused, jobs } = await create([
      one,
      { ...one, tasks: [{}, {}] },
      { ...one, priority: 12 },
      { ...one, tasks: [{ id: 'a' }, { id: 'a' }] },
      { ...one, ...key },
      { ...one, ...key },
      { ...one, ...key, product_id: 'other' },
      { ...one, validate_only: true },
    ]);
    expect({ accepted, refused }).toEqual({ accepted: 5, refused: 3 });
    expect(jobs.map((entry) => (entry.accepted ? 'accepted' : entry.problem.code))).toEqual([
      'accepted',
      'accepted',
      'VALIDATION_FAILED',
      'TASK_ID_DUPLICATE',
      'accepted',
      'accepted',
      'IDEMPOTENCY_MISMATCH',
      'accepted',
    ]);
    expect(jobs[2]).toMatchObject({ problem: { errors: [{ path: 'data.jobs[2].priority', got: '12' }] } });
    expect(jobs[3]).toMatchObject({ problem: { errors: [{ path: 'data.jobs[3].tasks[1].id' }] } });
    expect(jobs[5]).toMatchObject({ job: { replayed: true } });
    const made = jobs[1]?.accepted ? (jobs[1].job as { job_id: string }).job_id : '';
    expect(await callAction(service.bus, 'getJob', { job_id: made })).toMatchObject({ type, total_tasks: 2 });
  });

  it('writes a thousand jobs of one task in few writes', async () => {
    const one = { ...head, type, tasks: [{}] };
    expect(await create(Array.from({ length: 1_000 }, () => one))).toMatchObject({ accepted: 1_000, refused: 0 });
    const bundles = await service.store.collection('chunks').countDocuments({ queue: type });
    expect(bundles).toBeLessThanOrEqual(40);
  });

  it.each([
    ['none', { jobs: [] }, 'data.jobs', 'TOO_SHORT'],
    ['too many', { jobs: Array(1_001).fill({}) }, 'data.jobs', 'TOO_LONG'],
    ['what is no job', { jobs: [7] }, 'data.jobs[0]', 'TYPE'],
    ['a field that there is not', { jobs: [{}], job: {} }, 'data.job', 'UNKNOWN_FIELD'],
  ])('refuses %s', async (_, data, path, rule) => {
    await expect(callAction(service.bus, 'createJobs', data as never)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      extras: { errors: [expect.objectContaining({ path, rule })] },
    });
  });
});

describe('timeout_s', () => {
  it.each([1, 2])('goes from a job of %d tasks to the worker, and is shown', async (count) => {
    const worker = new ScriptedWorker(service.bus, `worker-${uuidv7()}`, [type]);
    const tasks = Array.from({ length: count }, () => ({}));
    try {
      const limited = await callAction(service.bus, 'createJob', { ...head, type, tasks, timeout_s: 1.5 });
      const free = await callAction(service.bus, 'createJob', { ...head, type, tasks });
      await eventually(() => expect(worker.slices.flatMap(({ indexes }) => indexes)).toHaveLength(2 * count));
      const timeouts = worker.slices.map(({ chunk_id, timeout_s }) => [chunk_id.slice(0, 36), timeout_s ?? null]);
      const uuidOf = ({ job_id }: { job_id: string }): string => job_id.slice(4, 40);
      expect(new Map(timeouts as [string, number | null][])).toEqual(
        new Map([
          [uuidOf(limited), 1.5],
          [uuidOf(free), null],
        ]),
      );
      expect(await callAction(service.bus, 'getJob', { job_id: limited.job_id })).toMatchObject({ timeout_s: 1.5 });
      expect(await callAction(service.bus, 'getJob', { job_id: free.job_id })).not.toHaveProperty('timeout_s');
    } finally {
      worker.stop();
    }
  });

  it.each([0.5, 604_801, '5'])('of %p is refused with what is allowed', async (timeout_s) => {
    await expect(callAction(service.bus, 'createJob', { ...head, type, timeout_s } as never)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      extras: { errors: [{ path: 'data.timeout_s', got: JSON.stringify(timeout_s), allowed: expect.any(String) }] },
    });
  });
});
