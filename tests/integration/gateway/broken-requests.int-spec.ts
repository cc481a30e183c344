import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Problem } from '@kintsugi/contracts';
import { eventually } from '@kintsugi/testing';
import { GatewayUnderTest, jobId, minimalJob } from './gateway-under-test.js';
import { RawConnection, rawReplies, type RawReply } from './raw-http.js';

let under: GatewayUnderTest;

beforeAll(async () => {
  under = await GatewayUnderTest.start({ REQUEST_TIMEOUT_MS: '2000' });
  under.answer('createJob', () => ({ job_id: jobId, status: 'pending', total_tasks: null, replayed: false }));
});

afterAll(() => under.stop());

const authorization = () => `Host: x\r\nAuthorization: Bearer ${under.keys.operator}\r\n`;
const jsonRequest = (more: string) =>
  `POST /job-operations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer KEY\r\nContent-Type: application/json\r\n${more}`;
/** The key is known only once the gateway runs. */
const withKey = (text: string) => text.replace('Bearer KEY', `Bearer ${under.keys.operator}`);
const body = JSON.stringify({ action: 'createJob', data: minimalJob });

function expectProblem(reply: RawReply | undefined, status: number, code: string): void {
  expect(reply).toMatchObject({ status, body: expect.stringContaining(`"code":"${code}"`) });
  expect(reply?.head).toContain('content-type: application/problem+json');
  expect(reply?.head).toContain(`x-request-id: ${(JSON.parse(reply?.body ?? '') as Problem).request_id}`);
}

describe('a JSON body that does not arrive whole', () => {
  it.each([
    ['with an announced length', `Content-Length: ${body.length}\r\n\r\n${body.slice(0, 30)}`],
    ['in chunks', `Transfer-Encoding: chunked\r\n\r\n1e\r\n${body.slice(0, 30)}\r\n`],
    ['not at all', `Content-Length: ${body.length}\r\n\r\n`],
  ])('cut in half, %s', async (_, rest) => {
    const connection = await RawConnection.open(under.port);
    const [reply, ...others] = await connection
      .send(withKey(jsonRequest(rest)))
      .halfClose()
      .replies();
    expectProblem(reply, 400, 'BODY_TRUNCATED');
    expect(others).toEqual([]);
    expect(under.asked).toEqual([]);
  });

  it('too slowly, however it dribbles', async () => {
    const connection = await RawConnection.open(under.port);
    connection.send(withKey(jsonRequest('Content-Length: 1000\r\n\r\n')));
    const dribble = setInterval(() => connection.send(' '), 50);
    try {
      const [reply] = await connection.replies();
      expectProblem(reply, 408, 'REQUEST_TIMEOUT');
    } finally {
      clearInterval(dribble);
    }
  });

  it('its headers too slowly', async () => {
    const connection = await RawConnection.open(under.port);
    connection.send('GET /v1/jobs HTTP/1.1\r\nHost: x\r\n');
    const dribble = setInterval(() => connection.send('X: y\r\n'), 50);
    try {
      const [reply] = await connection.replies();
      expectProblem(reply, 408, 'REQUEST_TIMEOUT');
    } finally {
      clearInterval(dribble);
    }
  });
});

describe('what is no HTTP', () => {
  it.each([
    ['words', 'hello there\r\n\r\n', 400, 'REQUEST_INVALID'],
    ['a header without a colon', 'GET / HTTP/1.1\r\nHost x\r\n\r\n', 400, 'REQUEST_INVALID'],
    ['a length that is no number', jsonRequest('Content-Length: ten\r\n\r\n'), 400, 'REQUEST_INVALID'],
    [
      'a length and chunks',
      jsonRequest(`Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
      400,
      'REQUEST_INVALID',
    ],
    ['two encodings', jsonRequest(`Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`), 400, 'REQUEST_INVALID'],
    ['two lengths', jsonRequest('Content-Length: 4\r\nContent-Length: 5\r\n\r\n'), 400, 'REQUEST_INVALID'],
    ['a chunk size that is none', jsonRequest('Transfer-Encoding: chunked\r\n\r\nzz\r\n'), 400, 'REQUEST_INVALID'],
    ['a bare line feed in a header', 'GET / HTTP/1.1\r\nHost: x\nX: y\r\n\r\n', 400, 'REQUEST_INVALID'],
    ['a header of 100 KB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
    ['a path of 100 KB', `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
    ['an expectation that nobody meets', jsonRequest('Expect: miracles\r\nContent-Length: 0\r\n\r\n'), 400, 'HEADER_INVALID'],
    ['no Host', `GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n`, 400, 'HEADER_INVALID'],
  ])('%s', async (_, text, status, code) => {
    const [reply] = await rawReplies(under.port, withKey(text));
    expectProblem(reply, status, code);
  });

  it('after a good request on the same connection, which is answered first', async () => {
    const [first, second] = await rawReplies(under.port, 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n');
    expect(first?.status).toBe(200);
    expectProblem(second, 400, 'REQUEST_INVALID');
  });
});

describe('what is not routed', () => {
  const get = (path: string) => rawReplies(under.port, `GET ${path} HTTP/1.1\r\n${authorization()}Connection: close\r\n\r\n`);

  it.each([
    '/index.html',
    '/v1',
    '/v1/jobs/',
    '/V1/jobs',
    '//v1/jobs',
    '/v1/jobs;x',
    '/v1/%2e%2e/health',
    '/v1%2fjobs',
    '/v1/jobs.',
    `/v1/jobs/${'x'.repeat(10_000)}`,
    '/docs/../../package.json',
    '/docs/%2e%2e%2fpackage.json',
    '/docs/index.html',
  ])('%s', async (path) => {
    const [reply] = await get(path);
    expectProblem(reply, 404, 'ROUTE_NOT_FOUND');
  });

  it.each(['/%', '/v1/jobs/%ff', '/%zz'])('%s is no path', async (path) => {
    const [reply] = await get(path);
    expectProblem(reply, 400, 'REQUEST_INVALID');
  });

  it('a NUL is no part of an id', async () => {
    const [reply] = await get('/v1/jobs/%00');
    expectProblem(reply, 400, 'VALIDATION_FAILED');
  });

  it.each([
    ['GET', '/job-operations', 'POST'],
    ['PUT', '/error-operations', 'POST'],
    ['POST', '/v1/jobs', 'GET, HEAD'],
    ['DELETE', `/v1/jobs/${jobId}`, 'GET, HEAD'],
    ['PATCH', '/v1/errors', 'GET, HEAD'],
    ['OPTIONS', '/v1/jobs', 'GET, HEAD'],
    ['TRACE', '/v1/jobs', 'GET, HEAD'],
    ['PROPFIND', '/health', 'GET, HEAD'],
  ])('%s %s is answered with the methods that there are', async (method, path, allowed) => {
    const [reply] = await rawReplies(under.port, `${method} ${path} HTTP/1.1\r\n${authorization()}Connection: close\r\n\r\n`);
    expect(reply?.status).toBe(405);
    expect(reply?.head).toContain(`\r\nallow: ${allowed.toLowerCase()}`);
    expectProblem(reply, 405, 'METHOD_NOT_ALLOWED');
  });

  it('a method in a header or in the query is not followed', async () => {
    const reply = await under.fetch('/v1/jobs?_method=DELETE', { method: 'POST', headers: { 'x-http-method-override': 'GET' } });
    expect(reply).toMatchObject({ status: 405, problem: { code: 'METHOD_NOT_ALLOWED' } });
  });

  it('is answered to a caller without a key as well, and nothing is read of its body', async () => {
    const reply = await under.fetch('/nothing', { method: 'POST', body: '{', key: null });
    expect(reply).toMatchObject({ status: 404, problem: { code: 'ROUTE_NOT_FOUND' } });
  });
});

describe('request ids', () => {
  it('a caller may bring its own, if it is harmless', async () => {
    const id = 'batch-2026.03:7';
    expect((await under.fetch('/health/live', { headers: { 'x-request-id': id } })).headers.get('x-request-id')).toBe(id);
    const other = (await under.fetch('/health/live', { headers: { 'x-request-id': 'a b' } })).headers.get('x-request-id');
    expect(other).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('services that are away', () => {
  it('are told as such, and when to try again', async () => {
    const reply = await under.fetch('/v1/errors');
    expect(reply).toMatchObject({ status: 503, problem: { code: 'SERVICE_UNAVAILABLE', retryable: true } });
    expect(reply.problem.detail).toContain('recovery-service is not running');
    expect(reply.headers.get('retry-after')).toBe('1');
  });

  it('a fault of a service is told without its words, and nothing is logged for what callers do wrong', async () => {
    under.answer('listRetryConfigs', () => {
      throw new Error('connect mongodb://user:secret@db');
    });
    const reply = await under.fetch('/v1/retry-configs');
    await under.away('listRetryConfigs');
    expect(reply).toMatchObject({ status: 500, problem: { code: 'INTERNAL' } });
    expect(reply.text).not.toContain('secret');
    expect(under.logged.filter(({ level, msg }) => Number(level) >= 30 && msg !== 'Ready')).toEqual([]);
  });
});

describe('after all that', () => {
  it('the gateway still works', async () => {
    await eventually(async () => expect((await under.post('/job-operations', body)).status).toBe(201));
  });
});
