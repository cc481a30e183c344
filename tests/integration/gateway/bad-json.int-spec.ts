import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { limits } from '@kintsugi/contracts';
import { GatewayUnderTest, jobId, minimalJob, type Reply } from './gateway-under-test.js';

let under: GatewayUnderTest;

beforeAll(async () => {
  under = await GatewayUnderTest.start({ BODY_LIMIT_BYTES: String(2 * 1024 * 1024) });
  under.answer('createJob', () => ({ job_id: jobId, status: 'pending', total_tasks: null, replayed: false }));
});

afterAll(() => under.stop());

/** Whatever was sent here, no service was ever asked. */
afterEach(() => expect(under.asked).toEqual([]));

function expectProblem(reply: Reply, status: number, code: string): void {
  expect({ status: reply.status, code: reply.problem.code, detail: reply.text }).toMatchObject({ status, code });
  expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(reply.headers.get('x-request-id')).toBe(reply.problem.request_id);
  expect(reply.text).not.toMatch(/\bat .*\.(js|ts):\d+/);
}

const created = (data: unknown) => ({ action: 'createJob', data });

describe('text that is no good JSON', () => {
  const nested = (depth: number) =>
    `{"action":"createJob","data":{"tasks":[{"payload":${'['.repeat(depth)}${']'.repeat(depth)}}]}}`;

  it.each([
    ['nothing', '', 'JSON_INVALID', 'it is empty'],
    ['white space', ' \n', 'JSON_INVALID', 'it is empty'],
    ['half a document', '{"action":"createJob",', 'JSON_INVALID', 'at character 22'],
    ['a comma too many', '{"action":"createJob",}', 'JSON_INVALID', 'at character 22'],
    ['NaN', '{"action":NaN}', 'JSON_INVALID', 'at character 10'],
    ['a comment', '{/*x*/}', 'JSON_INVALID', 'at character 1'],
    ['a raw line end in a string', '{"action":"create\nJob"}', 'JSON_INVALID', 'at character 17'],
    ['too deep nesting', nested(limits.jsonDepth), 'JSON_TOO_DEEP', '32 levels'],
    ['ten thousand levels', nested(10_000), 'JSON_TOO_DEEP', '32 levels'],
    ['a prototype', '{"action":"createJob","data":{"__proto__":{"polluted":1}}}', 'JSON_INVALID', 'forbidden key __proto__'],
    ['an escaped prototype', '{"\\u005f_proto__":{"polluted":1}}', 'JSON_INVALID', 'forbidden key __proto__'],
    ['a constructor', '{"data":{"constructor":{"prototype":{"polluted":1}}}}', 'JSON_INVALID', 'forbidden key constructor'],
  ])('%s', async (_, text, code, detail) => {
    const reply = await under.post('/job-operations', text);
    expectProblem(reply, 400, code);
    expect(reply.problem.detail).toContain(detail);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('bytes that are not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('{"action":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    expectProblem(await under.post('/job-operations', bytes), 400, 'ENCODING_INVALID');
  });

  it('a byte order mark is no fault', async () => {
    expectProblem(await under.post('/job-operations', `\ufeff${JSON.stringify({ action: 'nothing' })}`), 400, 'ACTION_UNKNOWN');
  });
});

describe('{action, data} of another shape', () => {
  it.each([
    [null, 'VALIDATION_FAILED', ''],
    [[created(minimalJob)], 'VALIDATION_FAILED', ''],
    [{ data: minimalJob }, 'VALIDATION_FAILED', 'action'],
    [{ action: ['createJob'], data: minimalJob }, 'VALIDATION_FAILED', 'action'],
    [{ action: 'createJob' }, 'VALIDATION_FAILED', 'data'],
    [{ ...created(minimalJob), dry_run: true }, 'VALIDATION_FAILED', 'dry_run'],
    [{ action: 'CreateJob', data: minimalJob }, 'ACTION_UNKNOWN', 'action'],
    [{ action: 'stageTasks', data: {} }, 'ACTION_UNKNOWN', 'action'],
    [{ action: 'configureRetry', data: {} }, 'ACTION_UNKNOWN', 'action'],
    [{ action: 'toString', data: {} }, 'ACTION_UNKNOWN', 'action'],
  ])('%j', async (body, code, path) => {
    const reply = await under.post('/job-operations', body);
    expectProblem(reply, 400, code);
    expect(reply.problem.errors).toMatchObject([{ path }]);
  });

  it('names the actions that there are', async () => {
    const reply = await under.post('/error-operations', created(minimalJob));
    expect(reply.problem.errors?.[0]?.allowed).toMatch(
      /^configureRetry, unsetRetry, \w+, \w+, manualRecover, analyzeErrors, \w+/,
    );
  });
});

describe('a job that breaks its contract', () => {
  const task = (value: unknown) => ({ ...minimalJob, tasks: [{ id: 'ok' }, value] });

  it.each([
    [{ product_id: 'p' }, 'data.sending_group_id', 'REQUIRED'],
    [{ ...minimalJob, product_id: 7 }, 'data.product_id', 'TYPE'],
    [{ ...minimalJob, product_id: '' }, 'data.product_id', 'TOO_SHORT'],
    [{ ...minimalJob, product_id: 'x'.repeat(129) }, 'data.product_id', 'TOO_LONG'],
    [{ ...minimalJob, product_id: 'nul\u0000' }, 'data.product_id', 'FORMAT'],
    [{ ...minimalJob, product_id: 'lone \ud800' }, 'data.product_id', 'FORMAT'],
    [{ ...minimalJob, priority: 10 }, 'data.priority', 'RANGE'],
    [{ ...minimalJob, priority: -1 }, 'data.priority', 'RANGE'],
    [{ ...minimalJob, priority: 1.5 }, 'data.priority', 'TYPE'],
    [{ ...minimalJob, priority: '5' }, 'data.priority', 'TYPE'],
    [{ ...minimalJob, priority: [5] }, 'data.priority', 'TYPE'],
    [{ ...minimalJob, max_parallel_tasks: 0 }, 'data.max_parallel_tasks', 'RANGE'],
    [{ ...minimalJob, type: '1st' }, 'data.type', 'FORMAT'],
    [{ ...minimalJob, safety: 'careless' }, 'data.safety', 'VALUE'],
    [{ ...minimalJob, status: 'completed' }, 'data.status', 'UNKNOWN_FIELD'],
    [{ ...minimalJob, $where: '1' }, 'data.$where', 'UNKNOWN_FIELD'],
    [{ ...minimalJob, retry_config: { max_attempts: 1 } }, 'data.retry_config.retry_interval', 'REQUIRED'],
    [
      { ...minimalJob, retry_config: { max_attempts: 1e3, retry_interval: 1, retry_on_errors: [] } },
      'data.retry_config.max_attempts',
      'RANGE',
    ],
    ...['a*b', '**', '', 'nul\u0000'].map((errorType): [object, string, string] => [
      { ...minimalJob, retry_config: { max_attempts: 1, retry_interval: 1, retry_on_errors: ['smtp.*', errorType] } },
      'data.retry_config.retry_on_errors[1]',
      errorType === '' ? 'TOO_SHORT' : 'FORMAT',
    ]),
    [{ ...minimalJob, resource_limits: { max_memory: 'lots', max_cpu: 1 } }, 'data.resource_limits.max_memory', 'TYPE'],
    [{ ...minimalJob, labels: { 'a b': 'c' } }, 'data.labels.a b', 'FORMAT'],
    [{ ...minimalJob, idempotency_key: 'schlüssel' }, 'data.idempotency_key', 'FORMAT'],
    [{ ...minimalJob, tasks: [] }, 'data.tasks', 'TOO_SHORT'],
    [{ ...minimalJob, tasks: {} }, 'data.tasks', 'TYPE'],
    [{ ...minimalJob, tasks: Array.from({ length: limits.inlineTasks + 1 }, () => ({})) }, 'data.tasks', 'TOO_LONG'],
    [task(null), 'data.tasks[1]', 'TYPE'],
    [task({ id: 7 }), 'data.tasks[1].id', 'TYPE'],
    [task({ id: 'a b' }), 'data.tasks[1].id', 'FORMAT'],
    [task({ id: 'x'.repeat(129) }), 'data.tasks[1].id', 'TOO_LONG'],
    [task({ idd: 'x' }), 'data.tasks[1].idd', 'UNKNOWN_FIELD'],
  ])('%#: %j', async (data, path, rule) => {
    const reply = await under.post('/job-operations', created(data));
    expectProblem(reply, 400, 'VALIDATION_FAILED');
    expect(reply.problem.errors).toEqual(expect.arrayContaining([expect.objectContaining({ path, rule })]));
  });

  it('a task that is too large, by its bytes', async () => {
    const reply = await under.post('/job-operations', created(task({ payload: 'é'.repeat(limits.taskBytes / 2) })));
    expectProblem(reply, 400, 'TASK_INVALID');
    expect(reply.problem.errors).toMatchObject([{ path: 'data.tasks[1]', rule: 'TOO_LONG' }]);
  });

  it('two tasks of one id', async () => {
    const reply = await under.post('/job-operations', created({ ...minimalJob, tasks: [{ id: 'a' }, { id: 'b' }, { id: 'a' }] }));
    expectProblem(reply, 400, 'TASK_ID_DUPLICATE');
    expect(reply.problem.errors).toEqual([
      { path: 'data.tasks[2].id', rule: 'DUPLICATE', got: '"a"', allowed: 'an id unique in the job' },
    ]);
  });

  it('names at most twenty faults', async () => {
    const data = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`field${index}`, 1]));
    expect((await under.post('/job-operations', created(data))).problem.errors).toHaveLength(20);
  });
});

describe('the idempotency key in the header', () => {
  it.each([
    ['differs from the one in the data', { ...minimalJob, idempotency_key: 'a' }, 'b'],
    ['is empty', minimalJob, ''],
    ['is too long', minimalJob, 'x'.repeat(256)],
    ['is not ASCII', minimalJob, 'schl\u00fcssel'],
  ])('%s', async (_, data, key) => {
    const reply = await under.post('/job-operations', created(data), { 'idempotency-key': key });
    expectProblem(reply, 400, 'IDEMPOTENCY_KEY_INVALID');
    expect(reply.problem.errors).toEqual(expect.arrayContaining([expect.objectContaining({ path: 'header.idempotency-key' })]));
  });
});

describe('a body of another kind', () => {
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/json garbage',
    'application/jsonp',
    'application/merge-patch+json',
    'json',
  ])('%s', async (type) => {
    expectProblem(
      await under.post('/job-operations', created(minimalJob), { 'content-type': type }),
      415,
      'CONTENT_TYPE_UNSUPPORTED',
    );
  });

  it('none at all', async () => {
    const reply = await under.fetch('/job-operations', { method: 'POST' });
    expectProblem(reply, 415, 'CONTENT_TYPE_UNSUPPORTED');
    expect(reply.problem.errors).toMatchObject([{ path: 'header.content-type', got: 'nothing' }]);
  });

  it.each(['br', 'deflate', 'zstd', 'gzip, gzip'])('one compressed by %s', async (encoding) => {
    const reply = await under.post('/job-operations', created(minimalJob), { 'content-encoding': encoding });
    expectProblem(reply, 415, 'CONTENT_TYPE_UNSUPPORTED');
    expect(reply.problem.errors).toMatchObject([{ path: 'header.content-encoding', allowed: 'gzip, or an uncompressed body' }]);
  });

  it('an upload where none is taken', async () => {
    const reply = await under.post('/error-operations', '{}\n', { 'content-type': 'application/x-ndjson' });
    expectProblem(reply, 415, 'CONTENT_TYPE_UNSUPPORTED');
  });
});

describe('a body that is too large', () => {
  const tooLarge = JSON.stringify(created({ ...minimalJob, product_id: 'x'.repeat(3 * 1024 * 1024) }));

  it('by its announced length', async () => {
    const reply = await under.post('/job-operations', tooLarge);
    expectProblem(reply, 413, 'BODY_TOO_LARGE');
    expect(reply.problem.errors).toMatchObject([{ allowed: 'at most 2097152 bytes' }]);
  });

  it('without an announced length', async () => {
    const pieces = Array.from({ length: 48 }, () => Buffer.alloc(64 * 1024, 0x20));
    const reply = await under.fetch('/job-operations', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: ReadableStream.from(pieces) as ReadableStream<Uint8Array>,
      duplex: 'half',
    });
    expectProblem(reply, 413, 'BODY_TOO_LARGE');
  });
});

describe('a read with a bad question', () => {
  it.each([
    ['/v1/jobs?limit=0', 'query.limit', 'RANGE'],
    ['/v1/jobs?limit=201', 'query.limit', 'RANGE'],
    ['/v1/jobs?limit=-1', 'query.limit', 'FORMAT'],
    ['/v1/jobs?limit=1e9', 'query.limit', 'FORMAT'],
    ['/v1/jobs?limit=1&limit=2', 'query.limit', 'TYPE'],
    ['/v1/jobs?status=done', 'query.status[0]', 'VALUE'],
    ['/v1/jobs?status=running,done', 'query.status[1]', 'VALUE'],
    ['/v1/jobs?status[$ne]=running', 'query.status[$ne]', 'UNKNOWN_FIELD'],
    ['/v1/jobs?label=x', 'query.label', 'FORMAT'],
    ['/v1/jobs?created_after=yesterday', 'query.created_after', 'FORMAT'],
    ['/v1/jobs?__proto__=1', 'query.__proto__', 'UNKNOWN_FIELD'],
    ['/v1/jobs/nonsense', 'id', 'FORMAT'],
    [`/v1/jobs/${jobId.toUpperCase()}`, 'id', 'FORMAT'],
    [`/v1/jobs/${jobId}/tasks?state=lost`, 'query.state', 'VALUE'],
    [`/v1/jobs/${jobId}/tasks?job_id=x`, 'query.job_id', 'UNKNOWN_FIELD'],
    ['/v1/errors?error_type=a%20b', 'query.error_type', 'FORMAT'],
    ['/v1/errors/err_1', 'id', 'FORMAT'],
    ['/v1/error-groups?cursor=x', 'query.cursor', 'UNKNOWN_FIELD'],
  ])('%s', async (path, at, rule) => {
    const reply = await under.fetch(path);
    expectProblem(reply, 400, 'VALIDATION_FAILED');
    expect(reply.problem.errors).toEqual(expect.arrayContaining([expect.objectContaining({ path: at, rule })]));
  });

  it('with a thousand parameters', async () => {
    const query = Array.from({ length: 1_000 }, (_, index) => `p${index}=1`).join('&');
    expectProblem(await under.fetch(`/v1/jobs?${query}`), 400, 'VALIDATION_FAILED');
  });
});
