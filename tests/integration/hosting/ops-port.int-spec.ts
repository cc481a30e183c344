import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { OpsPort, SelfReport, readSettings, sharedSettings } from '@kintsugi/hosting';
import { Health, Metrics } from '@kintsugi/observability';
import { freePort } from '@kintsugi/servers';
import { eventually } from '@kintsugi/testing';
import { rawReplies } from '../gateway/raw-http.js';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

interface Opened {
  ops: OpsPort;
  health: Health;
  metrics: Metrics;
  logged: Record<string, unknown>[];
  faults: unknown[];
  connections: number[];
  port: number;
  fetch: (path: string, init?: RequestInit) => Promise<Reply>;
}

interface Reply {
  status: number;
  headers: Headers;
  text: string;
  body: Record<string, unknown>;
}

async function open(given: Record<string, string> = {}): Promise<Opened> {
  const settings = readSettings(sharedSettings, { OPS_PORT: '0', ...given });
  const metrics = new Metrics('job-service');
  const health = new Health('job-service');
  const self = new SelfReport({ service: 'job-service', instance: 'a' }, metrics, health);
  const logged: Record<string, unknown>[] = [];
  const faults: unknown[] = [];
  const logger = pino({}, { write: (line: string) => void logged.push(JSON.parse(line) as Record<string, unknown>) });
  const connections: number[] = [];
  const ops = await OpsPort.open({
    ...{ settings, self, logger },
    onFault: (fault) => faults.push(fault),
    onConnection: () => connections.push(performance.now()),
  });
  closers.push(() => ops.close());
  const port = Number(/\d+$/.exec(ops.address('127.0.0.1') ?? '')?.[0]);
  return {
    ...{ ops, health, metrics, logged, faults, connections, port },
    async fetch(path, init = {}) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
      return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} };
    },
  };
}

const token = 'a-token-of-the-test';
const withToken = { headers: { authorization: `Bearer ${token}` } };
const wildcard = { OPS_HOST: '0.0.0.0', OPS_TOKEN: token };

describe('a process answers for itself', () => {
  it('and its long work is told of whoever connects, before anything is asked', async () => {
    const { port, connections } = await open();
    const socket = connect(port, '127.0.0.1');
    await eventually(() => expect(connections).toHaveLength(1));
    socket.destroy();
  });

  it('whether it can do its work: not while it starts or stops, nor while something is missing, and says what', async () => {
    const { fetch, health } = await open();
    let missing = true;
    health.add('nats', () => {
      if (missing) throw new Error('not connected');
    });
    expect(await fetch('/health/ready')).toMatchObject({
      status: 503,
      body: { service: 'job-service', instance: 'a', ready: false, checks: { nats: 'not connected', service: 'starting' } },
    });
    health.started();
    expect((await fetch('/health/ready')).headers.get('retry-after')).toBe('1');
    missing = false;
    expect(await fetch('/health/ready')).toMatchObject({
      status: 200,
      body: { ready: true, checks: { nats: 'ok', service: 'ok' } },
    });
    health.stopping();
    expect(await fetch('/health/ready')).toMatchObject({ status: 503, body: { checks: { service: 'stopping' } } });
  });

  it('that it lives, whatever is missing', async () => {
    const { fetch } = await open();
    expect(await fetch('/health/live')).toMatchObject({ status: 200, body: { alive: true } });
  });

  it('its metrics, as Prometheus reads them, with what it misses among them', async () => {
    const { fetch, metrics, health } = await open();
    health.add('mongo', () => {
      throw new Error('away');
    });
    metrics.count('kintsugi_jobs_accepted_total', { type: 'x' }, 3);
    const { text, headers } = await fetch('/metrics');
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text).toContain('\nkintsugi_jobs_accepted_total{type="x"} 3\n');
    expect(text).toContain('\nkintsugi_ready{check="mongo"} 0\n');
  });

  it('even while its database hangs', async () => {
    const { fetch, health } = await open();
    let end = (): void => undefined;
    health.add('mongo', () => new Promise<void>((resolve) => (end = resolve)));
    expect((await fetch('/metrics')).status).toBe(200);
    end();
  });

  it('once for all that ask together', async () => {
    const { fetch, health } = await open();
    let asked = 0;
    let end = (): void => undefined;
    health.add('mongo', () => {
      asked += 1;
      return new Promise<void>((resolve) => (end = resolve));
    });
    const answers = ['/health/ready', '/health/ready', '/metrics'].map((path) => fetch(path));
    await answers[2];
    end();
    await Promise.all(answers);
    expect(asked).toBe(1);
  });
});

describe('it answers', () => {
  it('HEAD where it answers GET, without the body', async () => {
    const { fetch } = await open();
    for (const path of ['/metrics', '/health/live']) {
      const [got, head] = [await fetch(path), await fetch(path, { method: 'HEAD' })];
      expect(head).toMatchObject({ status: got.status, text: '' });
      expect(Number(head.headers.get('content-length'))).toBeGreaterThan(0);
    }
  });

  it('nothing else, and says so in problems', async () => {
    const { fetch } = await open();
    for (const path of ['/', '/v1/jobs', '/health', '/metrics/', '/toString']) {
      expect(await fetch(path)).toMatchObject({ status: 404, body: { code: 'ROUTE_NOT_FOUND', retryable: false } });
    }
    const posted = await fetch('/metrics', { method: 'POST', body: '{}', headers: { 'x-request-id': 'mine' } });
    expect(posted).toMatchObject({
      status: 405,
      body: { code: 'METHOD_NOT_ALLOWED', allowed: ['GET', 'HEAD'], request_id: 'mine' },
    });
    expect(posted.headers.get('allow')).toBe('GET, HEAD');
  });

  it('what is no HTTP with a problem, and goes on', async () => {
    const { fetch, port, faults } = await open();
    for (const [text, code] of [
      ['nonsense\r\n\r\n', 'REQUEST_INVALID'],
      [`GET /metrics HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 'HEADERS_TOO_LARGE'],
      ['GET /metrics HTTP/1.1\r\nHost: localhost\r\nExpect: wonders\r\n\r\n', 'HEADER_INVALID'],
      ['GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n', 'HOST_NOT_ALLOWED'],
    ] as const) {
      const [reply] = await rawReplies(port, text);
      expect({ code, body: reply?.body }).toEqual({ code, body: expect.stringContaining(`"code":"${code}"`) });
    }
    expect((await fetch('/health/live')).status).toBe(200);
    expect(faults).toEqual([]);
  });

  it('a fault of its own as INTERNAL, and reports it', async () => {
    const { fetch, metrics, faults } = await open();
    const fault = new Error('a collector of db.internal broke');
    metrics.registry.registerMetric({ name: 'broken', get: () => Promise.reject(fault) } as never);
    const { status, text } = await fetch('/metrics');
    expect({ status, text }).toEqual({ status: 500, text: expect.stringContaining('"code":"INTERNAL"') });
    expect(text).not.toContain('db.internal');
    expect(faults).toEqual([fault]);
  });
});

describe('it is closed to others', () => {
  it('to a page of a web site that calls this machine by a name of its own', async () => {
    const { port } = await open();
    const [reply] = await rawReplies(port, 'GET /metrics HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
    expect(reply).toMatchObject({ status: 403, body: expect.stringContaining('HOST_NOT_ALLOWED') });
  });

  it('beyond loopback without a token: it does not open, and says what to set', async () => {
    await expect(open({ OPS_HOST: '0.0.0.0' })).rejects.toThrow(
      /OPS_HOST is 0\.0\.0\.0, but there is no OPS_TOKEN.*\nSet OPS_TOKEN/,
    );
  });

  it('without its token: metrics are refused, and a probe learns no reasons', async () => {
    const { fetch, health, port } = await open(wildcard);
    health.add('mongo', () => {
      throw new Error('connect ECONNREFUSED db.internal:27017');
    });
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: token }] as Record<string, string>[]) {
      const refused = await fetch('/metrics', { headers });
      expect(refused).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
      expect(refused.headers.get('www-authenticate')).toContain('Bearer');
    }
    expect((await fetch('/metrics', withToken)).status).toBe(200);
    expect((await fetch('/health/ready')).body).toMatchObject({ checks: { mongo: 'failing' } });
    expect((await fetch('/health/ready', withToken)).body).toMatchObject({
      checks: { mongo: 'connect ECONNREFUSED db.internal:27017' },
    });
    const [probed] = await rawReplies(port, 'GET /health/live HTTP/1.1\r\nHost: pod.example\r\nConnection: close\r\n\r\n');
    expect(probed?.status).toBe(200);
  });
});

describe('where it is', () => {
  it.each([
    ['that of loopback', {}, '127.0.0.1'],
    ['what NATS sees, for one that listens on all addresses', wildcard, '10.0.0.5'],
    ['what its operator says', { ...wildcard, OPS_ADVERTISED_HOST: 'jobs.example' }, 'jobs.example'],
    ['an address of IPv6 in brackets', { ...wildcard, OPS_ADVERTISED_HOST: 'fd00::5' }, '[fd00::5]'],
  ])('others are told %s', async (_, given, host) => {
    const { ops, port } = await open(given);
    expect(ops.address('10.0.0.5')).toBe(`${host}:${port}`);
  });

  it('nothing is told of a port that another process holds; it is open once that is gone', async () => {
    const port = await freePort();
    const holder = createServer();
    closers.push(async () => void holder.close());
    await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve));
    const { ops, logged } = await open({ OPS_PORT: String(port) });
    expect(ops.address(undefined)).toBeNull();
    expect(logged).toMatchObject([{ level: 40, port, msg: expect.stringContaining('OPS_PORT is taken') }]);
    await new Promise((resolve) => holder.close(resolve));
    await eventually(() => expect(ops.address(undefined)).toBe(`127.0.0.1:${port}`));
    expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200);
  });

  it('a host that is none of this machine is refused by its setting', async () => {
    await expect(open({ OPS_HOST: '203.0.113.7', OPS_TOKEN: token })).rejects.toThrow(
      'OPS_HOST 203.0.113.7 is no address of this machine.',
    );
  });
});
