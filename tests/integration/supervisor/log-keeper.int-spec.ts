import { spawnSync } from 'node:child_process';
import { appendFileSync, closeSync, openSync, readFileSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { repository } from '@kintsugi/supervisor';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';
import { LogKeeper } from '../../../tools/supervisor/src/process/log-keeper.js';
import { inWords, onSmallDisk, testOnSmallDisk } from '../../small-disk.js';

let folder: TemporaryFolder;

beforeEach(() => {
  folder = createTemporaryFolder('logs');
});

afterEach(() => folder.remove());

const now = new Date('2026-02-10T12:00:00.000Z');

describe('the logs of the platform', () => {
  it('are set aside at their limit while a process goes on writing to them', async () => {
    const path = join(folder.path, 'gateway.log');
    const descriptor = openSync(path, 'a');
    writeSync(descriptor, 'x'.repeat(101));
    await new LogKeeper(folder.path, { bytesMax: 100, retentionDays: 7 }).check(now);
    writeSync(descriptor, 'after');
    closeSync(descriptor);
    expect(readFileSync(path, 'utf8')).toBe('after');
    expect(readFileSync(join(folder.path, 'gateway.2026-02-10T12-00-00-000Z.log'), 'utf8')).toBe('x'.repeat(101));
  });

  it('are left alone below their limit, and set-aside ones go after their days', async () => {
    appendFileSync(join(folder.path, 'gateway.log'), 'x'.repeat(100));
    writeFileSync(join(folder.path, 'gateway.2026-02-01T12-00-00-000Z.log'), 'old');
    writeFileSync(join(folder.path, 'gateway.2026-02-09T12-00-00-000Z.log'), 'young');
    await new LogKeeper(folder.path, { bytesMax: 100, retentionDays: 7 }).check(now);
    expect(readdirSync(folder.path).sort()).toEqual(['gateway.2026-02-09T12-00-00-000Z.log', 'gateway.log']);
  });
});

/** A log that grows to three times its limit between two looks, twelve times, on a disk of 1 MiB. Says what is left, and how much was missing. */
const keeping = `
  import { appendFileSync, readdirSync, statSync } from 'node:fs';
  const [, folder, keeper] = process.argv;
  const { LogKeeper } = await import(keeper);
  const logs = new LogKeeper(folder, { bytesMax: 100_000, retentionDays: 7 });
  let missing = 0;
  for (let day = 10; day < 22; day += 1) {
    try {
      appendFileSync(folder + '/gateway.log', String(day).padEnd(300_000, '-'));
    } catch {
      missing += 1;
    }
    await logs.check(new Date('2026-02-' + day + 'T12:00:00.000Z'));
  }
  console.log(JSON.stringify({ missing, left: readdirSync(folder).map((name) => [name, statSync(folder + '/' + name).size]) }));
`;

testOnSmallDisk(`on a disk that fills up, the oldest logs go and what is written goes on${inWords}`, () => {
  const keeper = join(repository, 'tools', 'supervisor', 'dist', 'process', 'log-keeper.js');
  const home = join(folder.path, 'home');
  const command = [process.execPath, '--input-type=module', '-e', keeping, home, keeper];
  const [program, args] = onSmallDisk(1024 ** 2, folder.path, command);
  const limits = { timeout: 60_000, killSignal: 'SIGKILL' } as const;
  const { stdout, stderr, status, signal } = spawnSync(program, args, { encoding: 'utf8', ...limits });
  expect({ stderr, status, signal }).toEqual({ stderr: '', status: 0, signal: null });
  const { missing, left } = JSON.parse(stdout) as { missing: number; left: [name: string, bytes: number][] };
  expect(missing).toBe(0);
  const setAside = left.filter(([name]) => name !== 'gateway.log');
  expect(left).toContainEqual(['gateway.log', 0]);
  expect(
    setAside
      .map(([name]) => name)
      .sort()
      .at(-1),
  ).toBe('gateway.2026-02-21T12-00-00-000Z.log');
  expect(setAside.every(([, bytes]) => bytes === 300_000)).toBe(true);
});
