import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
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

  it('asks what would become of a job of any size, and stages nothing of it', async () => {
    const preview = { validate_only: true as const, job: {}, rules: [] };
    for (const action of ['createJob', 'commitUpload'] as const) under.answer(action, () => preview as never);
    const data = { ...minimalJob, validate_only: true };
    const tasks = Array.from({ length: 600 }, (_, index) => ({ payload: index }));
    const head = JSON.stringify({ action: 'createJob', data });
    const ndjson = [head, ...tasks.map((task) => JSON.stringify(task))].join('\n');
    const replies = [
      await under.post('/job-operations', { action: 'createJob', data: { ...data, tasks: [{}] } }),
      await under.post('/job-operations', { action: 'createJob', data: { ...data, tasks } }),
      await under.post('/job-operations', ndjson, { 'content-type': 'application/x-ndjson' }),
    ];
    expect(replies.map(({ status, body }) => ({ status, body }))).toEqual(Array(3).fill({ status: 200, body: preview }));
    expect(under.asked.map(({ action }) => action)).toEqual(['createJob', 'commitUpload', 'commitUpload']);
    expect(under.askedOf('commitUpload')).toMatchObject(Array(2).fill({ total_tasks: 600, job: { validate_only: true } }));
    const bad = await under.post('/job-operations', `${head}\n{"id":7}`, { 'content-type': 'application/x-ndjson' });
    expect(bad).toMatchObject({ status: 400, problem: { code: 'TASK_INVALID' } });
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
    const parse = jest.spyOn(JSON, 'parse');
    const reply = await under.post('/job-operations', { action: 'createJob', data: { ...minimalJob, tasks } });
    const parsedHere = parse.mock.calls.filter(([text]) => text.includes('"id":"t'));
    parse.mockRestore();
    expect(reply).toMatchObject({ status: 201, body: { total_tasks: 10_000 } });
    // The gateway runs in this process: its loop, which answers everybody else, parses none of them.
    expect(parsedHere).toEqual([]);
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
        fingerprint: '',
      },
    ]);
  });

  it('keeps the text of its tasks as it came, in one message and in many', async () => {
    const texts = ['{"payload":[1.50,1e2,"\\u00e9"],"id":"a"}', '{ "payload" : 0.10 }'];
    const body = (tasks: string) =>
      JSON.stringify({ action: 'createJob', data: minimalJob }).replace(/}}$/, `,"tasks":[${tasks}]}}`);
    const bus = under.bus.subscribe('kin.req.job.createJob', (message) => void sent.push(message.string()));
    const sent: string[] = [];
    await under.post('/job-operations', body(texts.join(' ,\n')));
    expect(sent).toEqual([expect.stringContaining(`"tasks":[${texts.join(',')}]`)]);
    bus.unsubscribe();
    await under.post('/job-operations', body([...texts, ...Array.from({ length: 300 }, () => '{}')].join(',')));
    const [first] = under.askedOf('stageTasks').sort((left, right) => left.sequence - right.sequence);
    expect(first?.tasks.split('\n').slice(0, 2)).toEqual(texts);
  });

  it.each([
    ['{"payload":{"id":1970670598291982290}}', 'data.tasks[1].payload.id', '1970670598291982290'],
    ['{"payload":[0,1e400]}', 'data.tasks[1].payload[1]', '1e400'],
  ])('refuses a number that no double holds, with its path: %s', async (task, path, got) => {
    const body = JSON.stringify({ action: 'createJob', data: minimalJob }).replace(/}}$/, `,"tasks":[{},${task}]}}`);
    const reply = await under.post('/job-operations', body);
    expect(reply).toMatchObject({ status: 400, problem: { code: 'NUMBER_INEXACT', errors: [{ path, got }] } });
    const upload = await under.upload(`${JSON.stringify({ action: 'createJob', data: minimalJob })}\n{}\n${task}\n`);
    expect(upload.problem.errors).toMatchObject([{ path: path.replace('data.tasks[1]', 'line 3'), got }]);
    expect(under.asked).toEqual(under.asked.filter(({ action }) => action === 'abandonUpload'));
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
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
  });

  it('has one fingerprint however its JSON is written, and another for other tasks', async () => {
    const fingerprintOf = async (lines: string[]) => {
      under.asked.length = 0;
      await under.upload(`${head}\n${lines.join('\n')}`, { 'idempotency-key': 'same' });
      return under.askedOf('commitUpload')[0]?.fingerprint;
    };
    const first = await fingerprintOf(['{"id":"a","payload":{"x":1,"y":[100,"é"]}}', '{}']);
    expect(await fingerprintOf(['', ' { "payload" : {"y":[1e2,"\\u00e9"],"x":1.0}, "id":"a" } ', '\r', '{}', '  '])).toBe(first);
    expect(await fingerprintOf(['{}', '{"id":"a","payload":{"x":1,"y":[100,"é"]}}'])).not.toBe(first);
    expect(await fingerprintOf(['{"id":"a","payload":{"x":2,"y":[100,"é"]}}', '{}'])).not.toBe(first);
    const data = { ...minimalJob, type: 'smtp.send', idempotency_key: 'same' };
    const tasks = [...Array.from({ length: 300 }, (_, index) => ({ payload: index }))];
    const uploaded = await fingerprintOf(tasks.map((task) => JSON.stringify(task)));
    under.asked.length = 0;
    await under.post('/job-operations', { action: 'createJob', data: { ...data, tasks } });
    expect(under.askedOf('commitUpload')[0]?.fingerprint).toBe(uploaded);
  });

  it('counts the blank lines of its file where it names one, and takes none for a task', async () => {
    const reply = await under.upload(`${head}\n\n{}\n \t\n{}\r\n\r\n{"id":7}\n`);
    expect(reply.problem.errors).toMatchObject([{ path: 'line 7.id', rule: 'TYPE' }]);
    const good = await under.upload(`\n${head}\n\n{}\n \t\n{}\r\n\r\n`);
    expect(good).toMatchObject({ status: 201, body: { total_tasks: 2 } });
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
