import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ProblemError, limits } from '@kintsugi/contracts';
import { eventually } from '@kintsugi/testing';
import { GatewayUnderTest, jobId, minimalJob } from './gateway-under-test.js';

let under: GatewayUnderTest;

beforeAll(async () => {
  under = await GatewayUnderTest.start();
});

afterAll(() => under.stop());

beforeEach(() => {
  under.asked.length = 0;
  under.answer('createJob', (data) => ({
    job_id: jobId,
    status: 'pending',
    total_tasks: data.tasks?.length ?? null,
    replayed: false,
  }));
  under.answer('stageTasks', ({ count }) => ({ staged: count }));
  under.answer('commitUpload', ({ job_id, total_tasks }) => ({ job_id, status: 'pending', total_tasks, replayed: false }));
  under.answer('abandonUpload', () => ({ staged: 0 }));
});

describe('createJob as one JSON body', () => {
  it('reaches job-service with its defaults, and answers 201 with the place of the job', async () => {
    const reply = await under.post('/job-operations', { action: 'createJob', data: minimalJob });
    expect(reply).toMatchObject({ status: 201, body: { job_id: jobId, replayed: false } });
    expect(reply.headers.get('location')).toBe(`/v1/jobs/${jobId}`);
    expect(under.askedOf('createJob')).toEqual([
      { ...minimalJob, user_id: 'test-admin', priority: 5, safety: 'idempotent', labels: {} },
    ]);
    expect(under.asked[0]?.requestId).toBe(reply.headers.get('x-request-id'));
  });

  it('keeps the user that the caller names', async () => {
    await under.post('/job-operations', { action: 'createJob', data: { ...minimalJob, user_id: 'ada' } });
    expect(under.askedOf('createJob')).toMatchObject([{ user_id: 'ada' }]);
  });

  it('answers 200 when the key had made the job before', async () => {
    under.answer('createJob', () => ({ job_id: jobId, status: 'running', total_tasks: 2, replayed: true }));
    const reply = await under.post('/job-operations', { action: 'createJob', data: minimalJob }, { 'idempotency-key': 'k' });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('idempotency-replayed')).toBe('true');
    expect(reply.headers.get('location')).toBe(`/v1/jobs/${jobId}`);
    expect(under.askedOf('createJob')).toMatchObject([{ idempotency_key: 'k' }]);
  });

  it('sends up to 256 tasks as one message', async () => {
    const tasks = Array.from({ length: 256 }, (_, index) => ({ id: `t${index}`, payload: index }));
    const reply = await under.post('/job-operations', { action: 'createJob', data: { ...minimalJob, tasks } });
    expect(reply).toMatchObject({ status: 201, body: { total_tasks: 256 } });
    expect(under.asked.map(({ action }) => action)).toEqual(['createJob']);
    expect(under.askedOf('createJob')[0]?.tasks).toEqual(tasks);
  });

  it('stages more tasks, and commits them as one job', async () => {
    const tasks = Array.from({ length: limits.inlineTasks }, (_, index) => ({ id: `t${index}`, payload: { index } }));
    const reply = await under.post('/job-operations', { action: 'createJob', data: { ...minimalJob, tasks } });
    expect(reply).toMatchObject({ status: 201, body: { total_tasks: 10_000 } });
    const staged = under.askedOf('stageTasks').sort((left, right) => left.sequence - right.sequence);
    const lines = staged.flatMap((chunk) => chunk.tasks.split('\n'));
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(tasks);
    expect(new Set(staged.map((chunk) => chunk.job_id))).toEqual(new Set([(reply.body as { job_id: string }).job_id]));
    expect(under.askedOf('commitUpload')).toEqual([
      {
        job_id: staged[0]?.job_id,
        job: { ...minimalJob, user_id: 'test-admin', priority: 5, safety: 'idempotent', labels: {} },
        chunks: 40,
        total_tasks: 10_000,
        fingerprint: createHash('sha256')
          .update(`${lines.join('\n')}\n`)
          .digest('hex'),
      },
    ]);
  });

  it('stages few large tasks as well', async () => {
    const tasks = [1, 2, 3].map((id) => ({ id: String(id), payload: 'x'.repeat(200_000) }));
    await under.post('/job-operations', { action: 'createJob', data: { ...minimalJob, tasks } });
    expect(
      under
        .askedOf('stageTasks')
        .map(({ count }) => count)
        .sort(),
    ).toEqual([1, 2]);
  });

  it('passes on what job-service refuses', async () => {
    under.answer('createJob', () => {
      throw new ProblemError('IDEMPOTENCY_MISMATCH', 'The key was used for another job.');
    });
    const reply = await under.post('/job-operations', { action: 'createJob', data: minimalJob });
    expect(reply).toMatchObject({
      status: 422,
      problem: { code: 'IDEMPOTENCY_MISMATCH', detail: 'The key was used for another job.' },
    });
    expect(reply.problem.request_id).toBe(reply.headers.get('x-request-id'));
  });
});

describe('createJob as an upload', () => {
  const head = JSON.stringify({ action: 'createJob', data: { ...minimalJob, type: 'smtp.send' } });
  const linesOf = (count: number) => Array.from({ length: count }, (_, index) => `{"id":"t${index}","payload":{"n":${index}}}`);

  it('makes one job of all its lines, byte for byte', async () => {
    const lines = linesOf(1_000);
    const reply = await under.upload(`\ufeff${head}\r\n\n${lines.join('\r\n')}`, { 'idempotency-key': 'upload-1' });
    expect(reply).toMatchObject({ status: 201, body: { total_tasks: 1_000, replayed: false } });
    const staged = under.askedOf('stageTasks').sort((left, right) => left.sequence - right.sequence);
    expect(staged.map(({ sequence, count }) => [sequence, count])).toEqual([
      [0, 256],
      [1, 256],
      [2, 256],
      [3, 232],
    ]);
    expect(staged.flatMap((chunk) => chunk.tasks.split('\n'))).toEqual(lines);
    expect(under.askedOf('commitUpload')).toMatchObject([
      {
        job: { ...minimalJob, type: 'smtp.send', idempotency_key: 'upload-1', user_id: 'test-admin' },
        chunks: 4,
        total_tasks: 1_000,
        fingerprint: createHash('sha256')
          .update(`${lines.join('\n')}\n`)
          .digest('hex'),
      },
    ]);
  });

  it('has at most eight chunks on their way, and goes on when the store does', async () => {
    let underWay = 0;
    let most = 0;
    const release: (() => void)[] = [];
    under.answer('stageTasks', async ({ count }) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise<void>((resolve) => {
        release.push(resolve);
      });
      underWay -= 1;
      return { staged: count };
    });
    const uploaded = under.upload(`${head}\n${linesOf(256 * 40).join('\n')}\n`);
    await eventually(() => expect(release.length).toBeGreaterThanOrEqual(8));
    await eventually(async () => {
      for (const next of release.splice(0)) next();
      expect(under.askedOf('commitUpload')).toHaveLength(1);
    });
    expect(await uploaded).toMatchObject({ status: 201, body: { total_tasks: 10_240 } });
    expect(most).toBe(8);
  });

  it('waits for a database that is away, and for a job-service that restarts', async () => {
    under.answer('stageTasks', () => {
      throw new ProblemError('STORE_UNAVAILABLE', 'The database does not answer.');
    });
    const uploaded = under.upload(`${head}\n${linesOf(600).join('\n')}\n`);
    await eventually(() => expect(under.askedOf('stageTasks').length).toBeGreaterThan(6));
    await under.away('stageTasks');
    under.asked.length = 0;
    under.answer('stageTasks', ({ count }) => ({ staged: count }));
    expect(await uploaded).toMatchObject({ status: 201, body: { total_tasks: 600 } });
    expect(
      under
        .askedOf('stageTasks')
        .map(({ sequence }) => sequence)
        .sort(),
    ).toEqual([0, 1, 2]);
  });

  it('a commit whose answer was lost is repeated, and finds its own job', async () => {
    let commits = 0;
    under.answer('commitUpload', ({ job_id, total_tasks }) => {
      commits += 1;
      if (commits === 1) throw new ProblemError('STORE_UNAVAILABLE', 'The database does not answer.');
      return { job_id, status: 'pending', total_tasks, replayed: true };
    });
    expect(await under.upload(`${head}\n{"id":"a"}\n`)).toMatchObject({ status: 201, body: { replayed: false } });
    expect(under.askedOf('abandonUpload')).toEqual([]);
  });

  it('lets go of its chunks when the key had made another job before', async () => {
    under.answer('commitUpload', () => ({ job_id: jobId, status: 'running', total_tasks: 1, replayed: true }));
    const reply = await under.upload(`${head}\n{"id":"a"}\n`);
    expect(reply).toMatchObject({ status: 200, body: { job_id: jobId, replayed: true } });
    await eventually(() => expect(under.askedOf('abandonUpload')).toEqual([{ job_id: under.askedOf('stageTasks')[0]?.job_id }]));
  });
});
