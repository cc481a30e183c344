// The platform is ready within ten seconds of `up`.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createHome, runCommand, type TestHome } from '../command-line.js';

let place: TestHome;

beforeEach(async () => {
  place = await createHome();
});

afterEach(() => place.remove(), 60_000);

test('the platform is ready within ten seconds, says where, and answers there', async () => {
  const { stdout, code } = await runCommand(['up', '--detach', '--json', ...place.options]);
  expect(code).toBe(0);
  const state = JSON.parse(stdout) as ReturnType<TestHome['state']>;
  expect(state).toMatchObject({ status: 'ready', auth: 'off', urls: { api: place.apiUrl } });
  expect(Date.parse(state.ready_at!) - Date.parse(state.started_at)).toBeLessThanOrEqual(10_000);
  expect((await fetch(`${place.apiUrl}/health/ready`)).status).toBe(200);
  expect(state.processes.map(({ name }) => name)).toEqual([
    'nats-server',
    'mongod',
    'job-service',
    'recovery-service',
    'metrics-service',
    'gateway',
  ]);
  const second = await runCommand(['up', ...place.options]);
  expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining(`Runs already`) });
  expect(second.stdout).toContain(place.apiUrl);
}, 60_000);
