import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { limits, type ActionRequest } from '@kintsugi/contracts';
import { eventually } from '@kintsugi/testing';
import { GatewayUnderTest, minimalJob, type Reply } from './gateway-under-test.js';
import { RawConnection } from './raw-http.js';

let under: GatewayUnderTest;

const head = JSON.stringify({ action: 'createJob', data: minimalJob });
const good = (count: number) => Array.from({ length: count }, (_, index) => `{"id":"t${index}"}`).join('\n');

const committed = ({ job_id, total_tasks }: ActionRequest<'commitUpload'>) =>
  ({ job_id, status: 'pending', total_tasks, replayed: false }) as const;

beforeAll(async () => {
  under = await GatewayUnderTest.start({
    UPLOAD_LIMIT_BYTES: String(4 * 1024 * 1024),
    UPLOAD_IDLE_TIMEOUT_MS: '500',
    MAX_UPLOADS: '2',
  });
  under.answer('stageTasks', ({ count }) => ({ staged: count }));
  under.answer('commitUpload', committed);
  under.answer('abandonUpload', () => ({ staged: 0 }));
});

afterAll(() => under.stop());

beforeEach(() => {
  under.asked.length = 0;
});

/** Nothing half-accepted: no commit, and whatever was staged is let go. */
async function expectNothingAccepted(): Promise<void> {
  await eventually(() => expect(under.askedOf('abandonUpload')).toHaveLength(1));
  expect(under.askedOf('commitUpload')).toEqual([]);
  const { job_id } = under.askedOf('abandonUpload')[0] as { job_id: string };
  for (const chunk of under.askedOf('stageTasks')) expect(chunk.job_id).toBe(job_id);
}

async function expectRefusal(reply: Reply, status: number, code: string, path?: string): Promise<void> {
  expect({ status: reply.status, code: reply.problem.code, detail: reply.text }).toMatchObject({ status, code });
  if (path !== undefined) expect(reply.problem.errors).toEqual(expect.arrayContaining([expect.objectContaining({ path })]));
  await expectNothingAccepted();
}

describe('a bad line is named by its number', () => {
  const longest = `{"id":"x","payload":"${'x'.repeat(limits.taskBytes)}"}`;

  it.each([
    ['not JSON', '{"id":"a"', 'JSON_INVALID', 'line 302'],
    ['not an object', '[1]', 'TASK_INVALID', 'line 302'],
    ['an unknown field', '{"idd":1}', 'TASK_INVALID', 'line 302.idd'],
    ['an id of another type', '{"id":1}', 'TASK_INVALID', 'line 302.id'],
    ['an empty id', '{"id":""}', 'TASK_INVALID', 'line 302.id'],
    ['an id with a space', '{"id":"a b"}', 'TASK_INVALID', 'line 302.id'],
    ['an id that is too long', `{"id":"${'x'.repeat(129)}"}`, 'TASK_INVALID', 'line 302.id'],
    ['an id that was there', '{"id":"t7"}', 'TASK_ID_DUPLICATE', 'line 302.id'],
    ['a prototype', '{"payload":{"__proto__":1}}', 'JSON_INVALID', 'line 302.payload.__proto__'],
    ['too deep', `{"payload":${'['.repeat(40)}${']'.repeat(40)}}`, 'JSON_TOO_DEEP', 'line 302'],
    ['too long', longest, 'TASK_INVALID', 'line 302'],
    ['a byte order mark', '\ufeff{}', 'JSON_INVALID', 'line 302'],
  ])('%s', async (_, line, code, path) => {
    const reply = await under.upload(`${head}\n${good(300)}\n${line}\n{"id":"later"}\n`);
    await expectRefusal(reply, 400, code, path);
    expect(reply.problem.detail).toContain('line 302');
  });

  it('bytes that are not UTF-8', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${head}\n{"id":"a"}\n{"payload":"`),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}\n'),
    ]);
    await expectRefusal(await under.upload(bytes), 400, 'ENCODING_INVALID', 'line 3');
  });

  it('blank lines and either line end count', async () => {
    await expectRefusal(await under.upload(`${head}\r\n\r\n{}\n\n\n{"x":1}`), 400, 'TASK_INVALID', 'line 6.x');
  });

  it('the first fault is told, and the answer arrives while the client is still sending', async () => {
    let sent = 0;
    const endless = async function* () {
      yield Buffer.from(`${head}\n{"id":1}\n`);
      for (; sent < 3; sent += 1) yield Buffer.alloc(1024 * 1024, '{}\n');
    };
    const reply = await under.fetch('/job-operations', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: ReadableStream.from(endless()) as ReadableStream<Uint8Array>,
      duplex: 'half',
    });
    await expectRefusal(reply, 400, 'TASK_INVALID', 'line 2.id');
  });
});

describe('a bad head', () => {
  it.each([
    ['no body', '', 'VALIDATION_FAILED', 'line 1'],
    ['only blank lines', '\n\r\n \n', 'VALIDATION_FAILED', 'line 1'],
    ['no task', head, 'VALIDATION_FAILED', 'line 2'],
    ['no task, but a line end', `${head}\n`, 'VALIDATION_FAILED', 'line 2'],
    ['not JSON', `{\n{}\n`, 'JSON_INVALID', 'line 1'],
    ['another action', '{"action":"cancelJob","data":{}}\n{}\n', 'ACTION_UNKNOWN', 'line 1.action'],
    ['a task where the head should be', '{"id":"a"}\n', 'VALIDATION_FAILED', 'line 1.action'],
    [
      'tasks in the head',
      JSON.stringify({ action: 'createJob', data: { ...minimalJob, tasks: [{}] } }) + '\n{}',
      'VALIDATION_FAILED',
      'line 1.data.tasks',
    ],
    [
      'a field of another type',
      '\n{"action":"createJob","data":{"product_id":1,"sending_group_id":"g"}}\n{}',
      'VALIDATION_FAILED',
      'line 2.data.product_id',
    ],
  ])('%s', async (_, text, code, path) => {
    await expectRefusal(await under.upload(text), 400, code, path);
  });

  it('a key that differs from the header', async () => {
    const text = `${JSON.stringify({ action: 'createJob', data: { ...minimalJob, idempotency_key: 'a' } })}\n{}\n`;
    await expectRefusal(await under.upload(text, { 'idempotency-key': 'b' }), 400, 'IDEMPOTENCY_KEY_INVALID');
  });
});

describe('an upload that does not arrive whole', () => {
  const request = (length: number) =>
    `POST /job-operations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${under.keys.operator}\r\n` +
    `Content-Type: application/x-ndjson\r\nContent-Length: ${length}\r\n\r\n`;
  const chunked = () => request(0).replace('Content-Length: 0', 'Transfer-Encoding: chunked');
  const body = `${head}\n${good(600)}\n`;

  it('is refused when its connection is half closed before its end', async () => {
    const connection = await RawConnection.open(under.port);
    connection.send(request(body.length * 2) + body).halfClose();
    const [reply] = await connection.replies();
    expect(reply).toMatchObject({ status: 400, body: expect.stringContaining('"code":"BODY_TRUNCATED"') });
    await expectNothingAccepted();
  });

  it('is refused when its last chunk is missing', async () => {
    const connection = await RawConnection.open(under.port);
    connection.send(`${chunked()}${body.length.toString(16)}\r\n${body}\r\n`).halfClose();
    const [reply] = await connection.replies();
    expect(reply).toMatchObject({ status: 400, body: expect.stringContaining('"code":"BODY_TRUNCATED"') });
    await expectNothingAccepted();
  });

  it('is forgotten when its client is gone', async () => {
    const connection = await RawConnection.open(under.port);
    connection.send(request(body.length * 2) + body);
    await eventually(() => expect(under.askedOf('stageTasks')).toHaveLength(2));
    connection.socket.resetAndDestroy();
    await expectNothingAccepted();
  });

  it('is refused when it pauses for too long', async () => {
    const connection = await RawConnection.open(under.port);
    connection.send(request(body.length * 2) + body);
    const [reply] = await connection.replies();
    expect(reply).toMatchObject({ status: 408, body: expect.stringContaining('"code":"REQUEST_TIMEOUT"') });
    await expectNothingAccepted();
  });

  it('is refused at the limit of its bytes', async () => {
    const large = `{"payload":"${'x'.repeat(200_000)}"}\n`;
    await expectRefusal(await under.upload(`${head}\n${large.repeat(30)}`), 413, 'BODY_TOO_LARGE');
    const endless = async function* () {
      yield Buffer.from(`${head}\n`);
      for (let sent = 0; sent < 30; sent += 1) yield Buffer.from(large);
    };
    under.asked.length = 0;
    const reply = await under.fetch('/job-operations', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: ReadableStream.from(endless()) as ReadableStream<Uint8Array>,
      duplex: 'half',
    });
    await expectRefusal(reply, 413, 'BODY_TOO_LARGE');
  });
});

it('an upload is refused while as many as allowed are under way', async () => {
  const end = Promise.withResolvers<void>();
  // Held by the last answer, not by a sender that pauses: no pause of the machine can end them.
  under.answer('commitUpload', async (request) => {
    await end.promise;
    return committed(request);
  });
  const text = `${head}\n${good(600)}\n`;
  const upload = () => under.upload(text, { authorization: `Bearer ${under.keys.operator}` });
  const held = [upload(), upload()];
  await eventually(async () => expect((await under.fetch('/metrics')).text).toMatch(/places_held\{[^}]*"upload"[^}]*\} 2/));
  const reply = await upload();
  expect(reply).toMatchObject({ status: 503, problem: { code: 'OVERLOADED', retryable: true } });
  expect(reply.headers.get('retry-after')).toBe('1');
  end.resolve();
  for (const { status } of await Promise.all(held)) expect(status).toBe(201);
  expect((await upload()).status).toBe(201);
});
