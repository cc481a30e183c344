// The platform is ready within seconds of `up`: in no more time than a few dozen starts of the command line take.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createHome, runCommand, type TestHome } from '../command-line.js';

let place: TestHome;

beforeEach(async () => {
  place = await createHome();
});

afterEach(() => place.remove());

/** How long one start of a Node.js program takes on this machine, as busy as it is. */
async function startMs(): Promise<number> {
  const startedAt = performance.now();
  await runCommand(['--version']);
  return performance.now() - startedAt;
}

test('the platform is ready in time, says where, and answers there', async () => {
  const usualMs = [await startMs(), await startMs(), await startMs()].sort((one, other) => one - other)[1] ?? 0;
  const { stdout, code } = await runCommand(['up', '--detach', '--json', ...place.options], { BUILT_IN_WORKER: 'on' });
  expect(code).toBe(0);
  const state = JSON.parse(stdout) as ReturnType<TestHome['state']>;
  expect(state).toMatchObject({ status: 'ready', auth: 'off', urls: { api: place.apiUrl } });
  expect(Date.parse(state.ready_at!) - Date.parse(state.started_at)).toBeLessThanOrEqual(40 * usualMs);
  expect((await fetch(`${place.apiUrl}/health/ready`)).status).toBe(200);
  expect(state.processes.map(({ name }) => name)).toEqual([
    'nats-server',
    'mongod',
    'job-service',
    'recovery-service',
    'metrics-service',
    'gateway',
    'built-in-worker',
  ]);
  const second = await runCommand(['up', ...place.options]);
  expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining(`Runs already`) });
  expect(second.stdout).toContain(place.apiUrl);
});
