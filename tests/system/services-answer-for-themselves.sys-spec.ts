// Each service answers for itself: one that cannot work because NATS is down is told from one that is down, and from one that is well.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { runCommand } from '../command-line.js';
import { PlatformUnderTest } from './platform-under-test.js';

const services = ['job-service', 'recovery-service', 'metrics-service', 'gateway'];

let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start({ workers: 0, restart: false });
});

afterAll(() => under.stop());

interface Status {
  ready: boolean;
  services: Record<string, string>;
  processes: { name: string; ops: string | null; readiness: { ready: boolean; checks: Record<string, string> } | null }[];
}

async function status(): Promise<Status> {
  const { stdout } = await runCommand(['status', '--json', '--home', under.platform.home]);
  return JSON.parse(stdout) as Status;
}

const opsUrls = (): [name: string, url: string][] =>
  under.platform.state().processes.flatMap(({ name, ops }) => (ops === null ? [] : [[name, ops] as [string, string]]));

async function answerOf(url: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url);
  return { status: response.status, body: await response.json() };
}

test('while all is well, each service has a port of its own, says so there, and is a target of Prometheus', async () => {
  expect(opsUrls().map(([name]) => name)).toEqual(services);
  for (const [service, url] of opsUrls()) {
    expect(await answerOf(`${url}/health/ready`)).toMatchObject({ status: 200, body: { service, ready: true } });
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^process_cpu_seconds_total \d/m);
  }
  const targets = await under.get<{ targets: string[]; labels: { service: string } }[]>('/metrics/targets');
  const told = Object.fromEntries(targets.map(({ targets, labels }) => [labels.service, targets]));
  expect(told).toEqual(Object.fromEntries(opsUrls().map(([name, url]) => [name, [new URL(url).host]])));
});

test('while NATS is down, each says that it lives and what it misses, and one that is down as well is seen as down', async () => {
  await under.platform.takeDown('nats-server');
  await under.platform.takeDown('metrics-service');
  const living = opsUrls().filter(([name]) => name !== 'metrics-service');
  for (const [, url] of living) {
    await eventually(async () =>
      expect(await answerOf(`${url}/health/ready`)).toMatchObject({
        status: 503,
        body: { ready: false, checks: { nats: 'not connected', service: 'ok' } },
      }),
    );
    expect(await answerOf(`${url}/health/live`)).toMatchObject({ status: 200, body: { alive: true } });
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('\nkintsugi_ready{check="nats"} 0\n');
  }
  const told = await status();
  expect(told).toMatchObject({
    ready: false,
    services: {
      nats: 'no_answer',
      'job-service': 'not_ready',
      'recovery-service': 'not_ready',
      'metrics-service': 'no_answer',
    },
  });
  const checks = Object.fromEntries(told.processes.map(({ name, readiness }) => [name, readiness?.checks['nats']]));
  expect(checks).toMatchObject({ 'job-service': 'not connected', 'metrics-service': undefined, gateway: 'not connected' });
  const { stdout } = await runCommand(['status', '--home', under.platform.home]);
  expect(stdout).toMatch(/^job-service +no: nats /m);
  expect(stdout).toMatch(/^metrics-service +- +down/m);
});

test('a service that starts while NATS is down says at its own port what it waits for', async () => {
  await under.platform.startAgain('metrics-service');
  const url = Object.fromEntries(opsUrls())['metrics-service'];
  await eventually(async () =>
    expect(await answerOf(`${url}/health/ready`)).toMatchObject({
      status: 503,
      body: { checks: { nats: 'not connected', service: 'starting' } },
    }),
  );
});

test('when NATS is back, all are ready again at the same ports', async () => {
  await under.platform.startAgain('nats-server');
  await eventually(async () =>
    expect(await status()).toMatchObject({
      ready: true,
      services: Object.fromEntries(services.map((name) => [name, 'ready'])),
    }),
  );
  for (const [, url] of opsUrls()) expect((await answerOf(`${url}/health/ready`)).status).toBe(200);
});
