import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { subjects, type Problem } from '@kintsugi/contracts';
import { GatewayProcess } from './gateway-process.js';
import { GatewayUnderTest, jobId, minimalJob } from './gateway-under-test.js';

let under: GatewayUnderTest;
let gateway: GatewayProcess;

beforeAll(async () => {
  under = await GatewayUnderTest.start();
  gateway = await GatewayProcess.start({
    NATS_URL: under.nats.url,
    AUTH: 'off',
  });
});

afterAll(async () => {
  await gateway?.stop();
  await under?.stop();
});

beforeEach(async () => {
  under.asked.length = 0;
  under.answer('createJob', () => ({ job_id: jobId, status: 'pending', total_tasks: 1, replayed: false }));
  under.answer('stageTasks', ({ count }) => ({ staged: count }));
  under.answer('commitUpload', ({ job_id, total_tasks }) => ({ job_id, status: 'pending', total_tasks, replayed: false }));
  under.answer('abandonUpload', () => ({ staged: 0 }));
  await under.settled();
});

async function post(path: string, body: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(gateway.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${under.keys.admin}`, 'content-type': 'application/json' },
    body,
  });
  return { status: response.status, body: await response.json() };
}

/** JSON of so many bytes at most that is much larger once parsed. */
const manyOf = (item: string, bytes: number) =>
  Array.from({ length: Math.floor(bytes / (item.length + 1)) }, () => item).join(',');
const mebibyte = 1024 ** 2;
const task = `{"payload":[${manyOf('{}', 250 * 1024)}]}`;
const createJob = (more: string) => JSON.stringify({ action: 'createJob', data: minimalJob }).replace(/}}$/, `,${more}}}`);

describe('a body within every limit', () => {
  it('of 31 tasks, each of tens of thousands of objects, is accepted, and the gateway lives on', async () => {
    const body = createJob(`"tasks":[${manyOf(task, 7.9 * mebibyte)}]`);
    expect(body.length).toBeGreaterThan(7.7 * mebibyte);
    const [reply] = await Promise.all([post('/job-operations', body), gateway.lives()]);
    expect(reply).toMatchObject({ status: 201, body: { total_tasks: 32 } });
    await gateway.lives();
    expect(gateway.exitCode).toBeNull();
  });

  it('is accepted while seven like it wait for a slow store', async () => {
    const body = createJob(`"tasks":[${manyOf(task, 7.9 * mebibyte)}]`);
    const { promise: recovered, resolve: recover } = Promise.withResolvers<void>();
    under.answer('stageTasks', async ({ count }) => {
      await recovered;
      return { staged: count };
    });
    const replies = Array.from({ length: 8 }, () => post('/job-operations', body));
    const first = Promise.race(replies);
    const isSettled = await Promise.race([first.then(() => true), gateway.lives().then(() => false)]);
    expect(isSettled).toBe(false);
    recover();
    for (const reply of await Promise.all(replies)) expect(reply).toMatchObject({ status: 201 });
    expect(gateway.exitCode).toBeNull();
  });

  it('is not kept in memory while it waits for a service, however many do', async () => {
    const body = createJob(`"tasks":[${task}]`);
    const { promise: recovered, resolve: recover } = Promise.withResolvers<void>();
    await under.away('createJob');
    const receipt = JSON.stringify({ job_id: jobId, status: 'pending', total_tasks: 1, replayed: false });
    // It is not parsed here: who answers in this process would take longer than a gateway waits.
    const answering = under.bus.subscribe(subjects.request('job', 'createJob'), (message) => {
      void recovered.then(() => message.respond(receipt));
    });
    await under.settled();
    const replies = Array.from({ length: 200 }, () => post('/job-operations', body));
    await Promise.race(replies.map((reply) => reply.catch(() => undefined)).concat([gateway.lives().then(() => undefined)]));
    recover();
    for (const reply of await Promise.all(replies)) expect(reply).toMatchObject({ status: 201 });
    expect(gateway.exitCode).toBeNull();
    answering.unsubscribe();
  });
});

describe('a body that is no good, and large', () => {
  it.each([
    ['nothing but brackets', '['.repeat(8 * mebibyte), 'JSON_TOO_DEEP', ''],
    ['millions of tasks that are none', createJob(`"tasks":[${manyOf('1', 7.9 * mebibyte)}]`), 'VALIDATION_FAILED', 'data.tasks'],
    [
      'a million labels that are none',
      createJob(`"labels":{${Array.from({ length: 700_000 }, (_, index) => `"!${index.toString(36)}":1`).join(',')}}`),
      'BODY_TOO_LARGE',
      'data.labels',
    ],
    [
      'millions of error types that are none',
      createJob(`"retry_config":{"max_attempts":1,"retry_interval":1,"retry_on_errors":[${manyOf('1', 7.9 * mebibyte)}]}`),
      'BODY_TOO_LARGE',
      'data.retry_config',
    ],
    [
      'a million unknown fields',
      createJob(
        Array.from({ length: 900_000 }, (_, index) => `"f${index}":1`)
          .join(',')
          .slice(0, 7.9 * mebibyte),
      ),
      'BODY_TOO_LARGE',
      expect.stringMatching(/^data\.f\d+$/),
    ],
    [
      'millions of values behind a word that asks for a look at each key',
      createJob(`"constructor":1,"tasks":[${manyOf(task, 7.9 * mebibyte)}]`),
      'VALIDATION_FAILED',
      'data.constructor',
    ],
  ])('is refused, and the gateway lives on: %s', async (_, body, code, path) => {
    const reply = await post('/job-operations', body);
    expect(reply.body).toMatchObject({ code });
    expect((reply.body as Problem).errors?.map((fault) => fault.path)).toEqual([path]);
    await gateway.lives();
  });

  it.each([
    [
      'parameters of a recovery',
      { error_record_id: 'err_01890a5d-ac96-774b-bcce-b302099a8057.0.17', recovery_options: { custom_params: { x: 'HERE' } } },
      'manualRecover',
      'data.recovery_options',
    ],
    [
      'the value of a retry condition',
      {
        error_type: 'x',
        config: {
          error_type: 'x',
          max_attempts: 1,
          initial_delay: 1,
          max_delay: 1,
          backoff_factor: 1,
          retry_conditions: [{ field: 'attempt', operator: 'in', value: 'HERE' }],
        },
      },
      'configureRetry',
      'data.config',
    ],
  ])('is refused, and the gateway lives on, as %s', async (_, data, action, path) => {
    const body = JSON.stringify({ action, data }).replace('"HERE"', `[${manyOf('{}', 7.8 * mebibyte)}]`);
    const reply = await post('/error-operations', body);
    expect(reply).toMatchObject({ status: 413, body: { errors: [{ path, rule: 'TOO_LONG' }] } });
    await gateway.lives();
  });
});
