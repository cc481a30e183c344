// A process of the platform that dies is started again by itself.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { createHome, isAlive, runCommand, type TestHome } from '../command-line.js';

let place: TestHome;

beforeAll(async () => {
  place = await createHome();
  await runCommand(['up', '--detach', ...place.options]);
});

afterAll(() => place.remove());

const processOf = (name: string) => place.state().processes.find((process) => process.name === name)!;

async function comesBack(name: string, pid: number, restarts: number, timeoutMs: number): Promise<void> {
  await eventually(
    async () => {
      const { process, restarts: counted } = processOf(name);
      expect(counted).toBe(restarts);
      expect(process?.pid).toEqual(expect.any(Number));
      expect(process!.pid).not.toBe(pid);
      expect((await fetch(`${place.apiUrl}/health/ready`)).status).toBe(200);
    },
    { timeoutMs },
  );
  expect(isAlive(pid)).toBe(false);
}

describe('what is killed comes back as another process, and is counted', () => {
  test.each(['gateway', 'job-service', 'recovery-service', 'metrics-service', 'nats-server', 'mongod'])('%s', async (name) => {
    const { pid } = processOf(name).process!;
    process.kill(pid, 'SIGKILL');
    await comesBack(name, pid, 1, 20_000);
    expect(processOf(name).last_exit).toBe('signal SIGKILL');
  });
});

test('a nats-server whose files were deleted under it is started anew', async () => {
  const { process: before, restarts } = processOf('nats-server');
  rmSync(join(place.home, 'data', 'nats', 'jetstream'), { recursive: true });
  await comesBack('nats-server', before!.pid, restarts + 1, 20_000);
});

test('what stands still for over a minute is ended and comes back', async () => {
  const still = ['gateway', 'mongod', 'recovery-service'].map((name) => processOf(name));
  for (const { process: identity } of still) process.kill(identity!.pid, 'SIGSTOP');
  for (const { name, process: identity, restarts } of still) await comesBack(name, identity!.pid, restarts + 1, 120_000);
  const log = readFileSync(join(place.home, 'logs', 'supervisor.log'), 'utf8');
  for (const { name } of still) {
    expect(log).toMatch(new RegExp(`"name":"${name}","reason":"it has given no sign of life for 60 seconds"`));
  }
});

test('status shows how often each was started again', async () => {
  const { stdout, code } = await runCommand(['status', '--home', place.home]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^gateway +yes +\d+ .* 2 {2}signal SIGKILL$/m);
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});
