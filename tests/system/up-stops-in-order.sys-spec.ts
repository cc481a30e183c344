// A signal stops the platform in order, from the doors inwards, and leaves no process.
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { repository, stateFileOf } from '@kintsugi/supervisor';
import { eventually } from '@kintsugi/testing';
import { createHome, isAlive, runCommand, startCommand, type TestHome } from '../command-line.js';

let place: TestHome;

beforeEach(async () => {
  place = await createHome();
});

afterEach(() => place.remove());

const log = (name: string) => readFileSync(join(place.home, 'logs', `${name}.log`), 'utf8');

describe('the platform stops in order, from the doors inwards, and leaves nothing', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('on %s', async (signal) => {
    const up = startCommand(['up', ...place.options]);
    await eventually(() => expect(place.state().status).toBe('ready'));
    const pids = place.pids();
    up.kill(signal);
    const [code] = (await once(up, 'exit')) as [number];
    expect(code).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(existsSync(stateFileOf(place.home))).toBe(false);
    for (const name of ['gateway', 'job-service', 'recovery-service', 'metrics-service']) {
      expect(log(name)).toContain('"reason":"SIGTERM"');
    }
    expect(log('mongod')).toMatch(/"msg":"Shutting down","attr":\{"exitCode":0\}/);
    expect(log('supervisor')).not.toContain('"kind":"ended"');
  });
});

test('a stop while it starts leaves nothing either', async () => {
  const up = startCommand(['up', ...place.options]);
  await eventually(() => expect(place.pids().length).toBeGreaterThan(3));
  const pids = place.pids();
  up.kill('SIGINT');
  const [code] = (await once(up, 'exit')) as [number];
  expect(code).toBe(130);
  expect(pids.filter(isAlive)).toEqual([]);
});

test('a second Ctrl-C does not wait for a worker that will not end, and the servers still end in order', async () => {
  const worker = join(repository, 'tests', 'integration', 'cli', 'programs', 'stubborn-worker.mjs');
  const up = startCommand(['up', ...place.options, '--workers', '1'], { WORKER_PROGRAM: worker, WORKER_DRAIN_MS: '600000' });
  await eventually(() => expect(place.state().status).toBe('ready'));
  const pids = place.pids();
  up.kill('SIGINT');
  await eventually(() => expect(place.state().status).toBe('stopping'));
  up.kill('SIGINT');
  expect((await once(up, 'exit'))[0]).toBe(0);
  expect(pids.filter(isAlive)).toEqual([]);
  expect(log('mongod')).toMatch(/"msg":"Shutting down","attr":\{"exitCode":0\}/);
});

test('down stops it, and says so when nothing runs', async () => {
  await runCommand(['up', '--detach', ...place.options]);
  const pids = place.pids();
  expect(await runCommand(['down', '--home', place.home])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Stopped after'),
  });
  expect(pids.filter(isAlive)).toEqual([]);
  expect(await runCommand(['down', '--home', place.home])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('not running'),
  });
});
