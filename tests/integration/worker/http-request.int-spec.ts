// HTTP requests as tasks: what is sent, what becomes of the answer, and where none goes.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { httpRequest, type HttpResult } from '@kintsugi/contracts';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';
import { httpRequestHandler } from '../../../apps/worker/src/http-calls/http/http-request.js';
import { RulesFile } from '../../../apps/worker/src/rules/rules-file.js';

let folder: TemporaryFolder;
let server: Server;
let base: string;
let allowing: RulesFile;
const asked: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];

beforeAll(async () => {
  folder = createTemporaryFolder('http-tasks');
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  base = `http://127.0.0.1:${port}`;
  writeFileSync(
    join(folder.path, 'worker.yaml'),
    `http:\n  allow_private: ['127.0.0.1:${port}']\n  secrets:\n    - { name: token, value: s3cret-token, hosts: ['127.0.0.1:${port}'] }\n    - { name: other, value: x, hosts: [elsewhere.example] }\n`,
  );
  allowing = new RulesFile(join(folder.path, 'worker.yaml'));
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await folder.remove();
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  let body = '';
  request.on('data', (part: Buffer) => (body += part.toString()));
  request.on('end', () => {
    const url = request.url ?? '';
    asked.push({ method: request.method ?? '', url, headers: request.headers, body });
    const [, kind, value] = url.split('/');
    if (kind === 'status') response.writeHead(Number(value), { 'retry-after': '7' }).end('no');
    else if (kind === 'to') response.writeHead(302, { location: decodeURIComponent(value ?? '') }).end();
    else if (kind === 'loop') response.writeHead(302, { location: '/loop' }).end();
    else if (kind === 'echo') {
      const key = String(request.headers['x-key']);
      response.writeHead(200, { etag: key }).end(`you sent ${key}`);
    } else if (kind === 'long') response.end('x'.repeat(Number(value)));
    else if (kind === 'switch') {
      response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n');
    } else if (kind !== 'never') response.writeHead(200, { 'content-type': 'application/json' }).end('{"done": true}');
  });
}

async function ask(payload: object, rules = allowing): Promise<HttpResult> {
  const run = {
    task: {
      id: 'task_1',
      key: null,
      job_id: 'job_1',
      type: 'http_request',
      payload: httpRequest.payload['~standard'].validate(payload),
    },
    ...{
      attempt: 1,
      resource_limits: null,
      run_key: 'task_1',
      signal: new AbortController().signal,
      log: () => undefined,
      output: () => undefined,
      mask: () => undefined,
      progress: () => undefined,
      phase: () => undefined,
      async *parents() {},
      usage: () => undefined,
      submit: () => Promise.reject(new Error('none')),
      step: () => Promise.reject(new Error('none')),
    },
  };
  const read = (await run.task.payload) as { value: never };
  return httpRequestHandler(rules)({ ...run, task: { ...run.task, payload: read.value } });
}

describe('a request', () => {
  test('goes out with its body as JSON and the run key, and its answer is the result', async () => {
    const result = await ask({
      url: `${base}/order`,
      body: { n: 1 },
      headers: { 'X-A': 'b', authorization: { secret: 'token' } },
    });
    expect(result).toMatchObject({ status: 200, body: { done: true }, body_bytes: 14, url: `${base}/order` });
    expect(asked.at(-1)).toMatchObject({
      method: 'POST',
      body: '{"n":1}',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'task_1', 'x-a': 'b', authorization: 's3cret-token' },
    });
  });

  test('is followed through redirects, each looked at anew', async () => {
    await expect(ask({ url: `${base}/to/${encodeURIComponent('/order')}` })).resolves.toMatchObject({
      status: 200,
      url: `${base}/order`,
    });
    expect(asked.at(-1)).toMatchObject({ method: 'GET', url: '/order' });
    const inward = ask({ url: `${base}/to/${encodeURIComponent('http://localhost:1/')}` });
    await expect(inward).rejects.toMatchObject({ details: { error_type: 'http.address_not_allowed', non_retryable: true } });
    await expect(ask({ url: `${base}/loop` })).rejects.toMatchObject({ details: { error_type: 'http.too_many_redirects' } });
  });
});

describe('a failure has the type of its status, and the wait that was asked for', () => {
  test.each([429, 503, 404, 500])('%d', async (status) => {
    await expect(ask({ url: `${base}/status/${status}` })).rejects.toMatchObject({
      details: { error_type: `http.${status}`, retry_after_ms: 7_000, result: { status, body: 'no' } },
    });
  });

  test('unless it was expected', async () => {
    await expect(ask({ url: `${base}/status/404`, expected_status: [404] })).resolves.toMatchObject({ status: 404 });
    await expect(ask({ url: `${base}/order`, expected_status: [202] })).rejects.toMatchObject({
      details: { error_type: 'http.unexpected_200' },
    });
  });

  test('an answer that is too long or does not come', async () => {
    const tooLong = ask({ url: `${base}/long/5000000`, max_bytes: 1_000 });
    await expect(tooLong).rejects.toMatchObject({ details: { error_type: 'http.answer_too_long' } });
    await expect(ask({ url: `${base}/never`, timeout_s: 0.1 })).rejects.toMatchObject({ details: { error_type: 'net.timeout' } });
  });
});

test('a change of protocol ends it, and its slot is free again', async () => {
  await expect(ask({ url: `${base}/switch` })).rejects.toMatchObject({ details: { error_type: 'http.unexpected_101' } });
});

test.each(['Host', 'content-length', 'Transfer-Encoding', 'upgrade'])('no task says the header %s', async (name) => {
  const asked = ask({ url: `${base}/order`, headers: { [name]: 'elsewhere.example' } });
  await expect(asked).rejects.toMatchObject({ details: { error_type: 'http.header_not_allowed', non_retryable: true } });
});

describe('where no request goes', () => {
  const addresses = [
    'http://127.0.0.1:1/',
    'http://localhost:1/',
    'http://[::1]:1/',
    'http://0x7f000001:1/',
    'http://[::ffff:127.0.0.1]:1/',
  ];

  test.each([...addresses, 'http://169.254.169.254/latest/meta-data/', 'http://10.0.0.1/'])('%s', async (url) => {
    await expect(ask({ url })).rejects.toMatchObject({
      details: { error_type: 'http.address_not_allowed', non_retryable: true },
    });
  });

  test('to any private address, where no rules are', async () => {
    const none = new RulesFile(join(folder.path, 'none.yaml'));
    await expect(ask({ url: `${base}/order` }, none)).rejects.toMatchObject({
      details: { error_type: 'http.address_not_allowed' },
    });
  });

  test('never tells a secret that its answer repeats', async () => {
    const result = await ask({ url: `${base}/echo`, headers: { 'x-key': { secret: 'token' } } });
    expect(asked.at(-1)?.headers['x-key']).toBe('s3cret-token');
    expect(result).toMatchObject({ body: 'you sent …', headers: { etag: '…' } });
    await expect(
      ask({ url: `${base}/echo`, headers: { 'x-key': { secret: 'token' } }, expected_status: [204] }),
    ).rejects.toMatchObject({ message: expect.not.stringContaining('s3cret') as unknown });
  });

  test.each([
    ['unknown', 'http.secret_unknown'],
    ['other', 'http.secret_not_allowed'],
  ])('with the secret %s, which is not for that host', async (secret, error_type) => {
    await expect(ask({ url: `${base}/order`, headers: { 'x-key': { secret } } })).rejects.toMatchObject({
      details: { error_type },
    });
  });

  test('with user and password in its URL', async () => {
    const url = base.replace('http://', 'http://u:p@');
    await expect(ask({ url })).rejects.toMatchObject({ details: { error_type: 'http.url_invalid' } });
  });
});

describe('the rules', () => {
  test('are read again when their file has changed, and one that cannot be used is told with its place', async () => {
    const path = join(folder.path, 'changing.yaml');
    const rules = new RulesFile(path);
    expect((await rules.current()).commands).toEqual([]);
    writeFileSync(path, 'commands:\n  - { name: a, executable: /bin/a }\n');
    expect((await rules.current()).commands).toMatchObject([{ name: 'a', arguments: [] }]);
    writeFileSync(path, 'commands:\n  - { name: a, executable: bin/a, argument: [] }\n');
    await expect(rules.current()).rejects.toThrow(/commands\.0\.executable: an absolute path is wanted/);
    writeFileSync(path, 'commands: [');
    await expect(rules.current()).rejects.toThrow('cannot be read');
  });
});
