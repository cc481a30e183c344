import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { subjects } from '@kintsugi/contracts';
import { SelfReport, answerFleet } from '@kintsugi/hosting';
import { Bus } from '@kintsugi/messaging';
import { Health, Metrics } from '@kintsugi/observability';
import { eventually } from '@kintsugi/testing';
import { GatewayUnderTest } from './gateway-under-test.js';

let under: GatewayUnderTest;

beforeAll(async () => {
  under = await GatewayUnderTest.start();
});

afterAll(() => under.stop());

const buses: Bus[] = [];

afterEach(async () => {
  await Promise.all(buses.splice(0).map((bus) => bus.close()));
});

/** A process of the platform as every service makes itself known. */
async function join(
  service: string,
  instance: string,
  check: () => void = () => undefined,
  ops: string | null = null,
): Promise<Metrics> {
  const bus = await Bus.connect({ servers: under.nats.url, name: service });
  buses.push(bus);
  const metrics = new Metrics(service);
  const health = new Health(service);
  health.add('mongo', check);
  health.started();
  const self = new SelfReport({ service, instance }, metrics, health);
  answerFleet(bus, { self, opsAddress: () => ops, onFault: () => undefined });
  await bus.connection.flush();
  return metrics;
}

const joinAll = () => Promise.all(['job-service', 'recovery-service', 'metrics-service'].map((service) => join(service, '1')));

describe('whether the platform is ready', () => {
  it('it is not without its services, and says which are missing', async () => {
    await join('job-service', '1');
    const reply = await under.fetch('/health/ready', { key: null });
    expect(reply).toMatchObject({
      status: 503,
      body: {
        ready: false,
        services: {
          nats: 'ready',
          'job-service': 'ready',
          'recovery-service': 'no_answer',
          'metrics-service': 'no_answer',
          gateway: 'ready',
        },
      },
    });
    expect(reply.headers.get('retry-after')).toBe('1');
  });

  it('it is with them, and then says so without waiting for who else may answer', async () => {
    const startedAt = performance.now();
    expect(await under.fetch('/health/ready', { key: null })).toMatchObject({ status: 503 });
    const untilTimeoutMs = performance.now() - startedAt;
    await joinAll();
    const joinedAt = performance.now();
    expect(await under.fetch('/health/ready', { key: null })).toMatchObject({ status: 200, body: { ready: true } });
    expect(performance.now() - joinedAt).toBeLessThan(untilTimeoutMs);
  });

  it('one ready process of a service is enough; a probe learns no reasons, an operator does', async () => {
    await joinAll();
    const broken = () => {
      throw new Error('connect ECONNREFUSED db.internal:27017');
    };
    await join('job-service', '2', broken);
    const probed = await under.fetch('/health/ready', { key: null });
    expect(probed.status).toBe(200);
    expect(probed.text).not.toContain('internal');
    // Who has just come may be too late for the first answer.
    const body = await eventually(async () => {
      const health = (await under.fetch('/health')).body as { processes: unknown[] };
      expect(health.processes).toHaveLength(5);
      return health;
    });
    const usage = { cpu_percent: expect.any(Number), memory_mib: expect.any(Number) };
    expect(body).toMatchObject({
      ...{ ready: true, services: { 'job-service': 'ready' }, overall: 'degraded', jobs: null },
      reasons: [
        { reason: 'job-service 2 is not ready: mongo: connect ECONNREFUSED db.internal:27017.', advice: expect.any(String) },
      ],
      host: { cores: expect.any(Number) },
    });
    expect(body.processes).toEqual(
      expect.arrayContaining([
        {
          ...{ service: 'job-service', instance: '2', ready: false, ops: null },
          checks: { mongo: 'connect ECONNREFUSED db.internal:27017', service: 'ok' },
          ...{ ...usage, version: expect.any(String), settings: {} },
        },
        {
          ...{ service: 'gateway', instance: 'under-test', ready: true, ops: under.ops },
          checks: { nats: 'ok', service: 'ok' },
          ...{ ...usage, version: expect.any(String), settings: expect.objectContaining({ AUTH: 'on' }) },
        },
      ]),
    );
  });

  it('who is no admin is told no settings', async () => {
    await joinAll();
    const { body } = await under.fetch('/health', { key: under.keys.viewer });
    const { processes } = body as { processes: { settings: unknown }[] };
    expect(processes.map(({ settings }) => settings)).toEqual(processes.map(() => null));
  });

  it('it is alive whatever becomes of the others', async () => {
    expect(await under.fetch('/health/live', { key: null })).toMatchObject({ status: 200, body: { alive: true } });
  });
});

describe('the metrics', () => {
  it('are those of all processes, each family once, each sample with where it comes from', async () => {
    const metrics = await join('job-service', 'a');
    (await join('job-service', 'b')).count('kintsugi_jobs_accepted_total', { type: 'x' }, 2);
    metrics.count('kintsugi_jobs_accepted_total', { type: 'x' }, 3);
    await under.fetch('/v1/jobs/nonsense');
    const reply = await under.fetch('/metrics');
    expect(reply.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(reply.text.match(/^# TYPE kintsugi_jobs_accepted_total counter$/gm)).toHaveLength(1);
    expect(reply.text).toContain('kintsugi_jobs_accepted_total{type="x",service="job-service",instance="a"} 3\n');
    expect(reply.text).toContain('kintsugi_jobs_accepted_total{type="x",service="job-service",instance="b"} 2\n');
    expect(reply.text).toMatch(
      /^http_server_request_duration_seconds_count\{http_request_method="GET",http_response_status_code="400",http_route="\/v1\/jobs\/:id",service="gateway",instance="under-test"\} 1$/m,
    );
    expect(reply.text.match(/^process_resident_memory_bytes\{service="gateway"/gm)).toHaveLength(1);
  });

  it('leave out answers that make no sense', async () => {
    for (const answer of [
      '',
      'not compressed',
      gzipSync('no JSON'),
      gzipSync('[]'),
      gzipSync('{"service":"s","instance":"i","families":[{"name":"bad name","help":"","type":"gauge","values":[]}]}'),
    ]) {
      const subscription = under.bus.subscribe(subjects.metrics, (message) => void message.respond(answer));
      expect(await under.fetch('/metrics')).toMatchObject({ status: 200 });
      subscription.unsubscribe();
    }
  });
});

describe('the targets of a scrape', () => {
  const service = 'recovery-service';
  const labelled = (instance: string, target: string) => ({ targets: [target], labels: { service, instance } });

  it('are the ops ports of all processes that answer, this one among them', async () => {
    await join(service, 'away', undefined, '10.0.0.5:9464');
    await join(service, 'silent');
    expect((await under.fetch('/metrics/targets')).body).toEqual([
      { targets: [under.ops], labels: { service: 'gateway', instance: 'under-test' } },
      labelled('away', '10.0.0.5:9464'),
    ]);
    const own = await (await fetch(`http://${under.ops}/metrics`)).text();
    expect(own).toContain('\nkintsugi_ready{check="nats"} 1\n');
  });

  it('stay those of a process that answers no more, so that it is seen as down', async () => {
    expect((await under.fetch('/metrics/targets')).body).toContainEqual(labelled('away', '10.0.0.5:9464'));
  });

  it('take no address that is none', async () => {
    await join(service, 'forged', undefined, 'http://10.0.0.5/x?');
    expect((await under.fetch('/metrics/targets')).body).not.toContainEqual(
      expect.objectContaining({ labels: { service, instance: 'forged' } }),
    );
  });
});

describe('without NATS', () => {
  it('the gateway stays up, says what is missing, and goes on when it is back', async () => {
    await under.nats.kill();
    await eventually(async () =>
      expect(await under.fetch('/health/ready', { key: null })).toMatchObject({
        status: 503,
        body: { services: { nats: 'no_answer' } },
      }),
    );
    expect(await under.fetch('/metrics')).toMatchObject({ status: 200, text: expect.stringContaining('service="gateway"') });
    // No list at all: with a short one Prometheus would forget the others.
    expect(await under.fetch('/metrics/targets')).toMatchObject({ status: 503, problem: { code: 'SERVICE_UNAVAILABLE' } });
    const own = await fetch(`http://${under.ops}/health/ready`);
    expect({ status: own.status, body: await own.json() }).toMatchObject({
      status: 503,
      body: { checks: { nats: 'not connected' } },
    });
    await under.nats.start();
    await joinAll();
    await eventually(async () => expect((await under.fetch('/health/ready', { key: null })).status).toBe(200));
  });
});
