// The demo delivers each message that can arrive exactly once, says so by the mail server's own count, and leaves nothing behind; that of a pool heals or isolates each slot.
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTemporaryFolder, eventually, type TemporaryFolder } from '@kintsugi/testing';
import { readState } from '@kintsugi/supervisor';
import { isAlive, runCommand, startCommand } from '../command-line.js';

/** Where the demo puts everything, so that what it leaves behind is seen. */
let folder: TemporaryFolder;

beforeEach(() => {
  folder = createTemporaryFolder('demo-test');
});

afterEach(async () => {
  for (const demo of leftBehind().filter((name) => name.startsWith('kintsugi-demo-'))) {
    await runCommand(['down', '--home', join(folder.path, demo, 'home')]);
  }
  await folder.remove();
});

const environment = () => ({ TMPDIR: folder.path });
/** Of whoever runs the demo; nothing listens there. */
const settingsOfTheirs = {
  NATS_URL: 'nats://127.0.0.1:1',
  NATS_TOKEN: 'theirs',
  MONGO_URL: 'mongodb://127.0.0.1:1',
  DATABASE_PREFIX: 'theirs',
  MAX_RETRY_ATTEMPTS: '0',
  WORKER_SLOTS: '1',
  KINTSUGI_URL: 'http://127.0.0.1:1',
};
const leftBehind = () => readdirSync(folder.path);

interface Summary {
  tasks: number;
  delivered: number;
  unique: number;
  expected: number;
  first_try_share: number;
  retries: number;
  recovered_by_retry: number;
  dead: number;
  groups: { title: string; error_type: string; count: number }[];
  repaired: number;
  p50_ms: number;
  p99_ms: number;
  wall_s: number;
}

test('delivered = unique = expected: what failed has healed, the rest is in named groups, one of them repaired', async () => {
  const run = await runCommand(['demo', '--tasks', '600', '--seed', '3', '--json'], environment());
  expect({ code: run.code, said: run.code === 0 ? '' : run.stderr }).toEqual({ code: 0, said: '' });
  const summary = JSON.parse(run.stdout) as Summary;
  const { tasks, delivered, unique, expected, dead, groups, repaired } = summary;
  expect(tasks).toBe(600);
  expect([delivered, unique]).toEqual([expected, expected]);
  expect(groups.reduce((sum, group) => sum + group.count, 0)).toBe(dead);
  expect(delivered).toBe(tasks - dead + repaired);
  const mistyped = groups.find(({ title }) => title.includes('Domain not found'));
  expect(mistyped).toEqual({ title: expect.any(String), error_type: 'smtp.550', count: repaired });
  expect(summary.recovered_by_retry).toBeGreaterThan(20);
  expect(summary.retries).toBeGreaterThanOrEqual(summary.recovered_by_retry);
  expect(summary.first_try_share).toBeGreaterThan(0.7);
  expect(summary.p99_ms).toBeGreaterThanOrEqual(summary.p50_ms);
  const widths = stripVTControlCharacters(run.stderr)
    .split('\n')
    .map((line) => line.length);
  expect(Math.max(...widths)).toBeLessThanOrEqual(80);
  expect(leftBehind()).toEqual([]);
});

test('a list of the reader is sent to, and one that cannot be read is refused before anything starts', async () => {
  const list = join(folder.path, 'mine.csv');
  writeFileSync(list, 'id,email\na,ada@example.com\nb,bob@mail.example.con\nc,cem@example.org\nd,dan@gmail.con\n');
  const run = await runCommand(['demo', '--csv', list, '--json'], environment());
  expect(run.code).toBe(0);
  expect(JSON.parse(run.stdout)).toMatchObject({ tasks: 4, dead: 2, repaired: 1, delivered: 3, unique: 3, expected: 3 });
  writeFileSync(list, 'id,email\na,ada@mail.example.com\nb,Ada@mail.example.con\n');
  expect(await runCommand(['demo', '--csv', list], environment())).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Leave one of them out: the demo repairs mail.example.con'),
  });
  writeFileSync(list, 'id,email\na,ada@example.com\nb,no address\n');
  expect(await runCommand(['demo', '--csv', list], environment())).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^FILE_UNREADABLE: mine\.csv, line 3/),
  });
  expect(leftBehind()).toEqual(['mine.csv']);
});

test('of a pool in which six slots are damaged, five are healed and one is isolated, by the word of git', async () => {
  const run = await runCommand(['demo', 'pool', '--json'], { ...environment(), ...settingsOfTheirs });
  expect({ code: run.code, said: run.code === 0 ? '' : run.stderr }).toEqual({ code: 0, said: '' });
  const { slots, ...summary } = JSON.parse(run.stdout) as { slots: Record<'state' | 'sound' | 'rungs', unknown>[] };
  expect(slots.map(({ state, sound }) => (sound === true ? 'sound' : state))).toEqual([
    ...['sound', 'sound', 'sound', 'sound', 'sound', 'ERROR', 'sound', 'sound'],
  ]);
  expect(slots.map(({ rungs }) => rungs)).toEqual([['metadata'], ['objects'], ['re-clone'], [], ['metadata'], [], [], []]);
  expect(summary).toMatchObject({
    report: { corrupted_recovered: 4, corrupted_isolated: 1, orphaned_locks_cleaned: 1 },
    ...{ program_was_run: false, outside_untouched: true },
  });
  const widths = stripVTControlCharacters(run.stderr)
    .split('\n')
    .map((line) => line.length);
  expect(Math.max(...widths)).toBeLessThanOrEqual(80);
  expect(leftBehind()).toEqual([]);
});

describe('a demo that is broken off leaves nothing', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 130],
    ['SIGKILL', null],
  ] as const)('by %s', async (signal, code) => {
    const demo = startCommand(['demo', '--tasks', '600'], environment());
    let said = '';
    demo.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
    await eventually(() => expect(said).toContain('Sending: job_'));
    const [place] = leftBehind();
    const pids = processesOf(join(folder.path, place!, 'home'));
    expect(pids).toHaveLength(9);
    demo.kill(signal);
    expect((await once(demo, 'exit'))[0]).toBe(code);
    await eventually(() => expect({ alive: pids.filter(isAlive), left: leftBehind() }).toEqual({ alive: [], left: [] }));
  });
});

test('it runs on servers and settings of its own, whichever the environment names', async () => {
  const run = await runCommand(['demo', '--tasks', '60', '--json'], { ...environment(), ...settingsOfTheirs });
  expect({ code: run.code, said: run.code === 0 ? '' : run.stderr }).toEqual({ code: 0, said: '' });
  expect((JSON.parse(run.stdout) as Summary).retries).toBeGreaterThan(0);
});

test('with --keep everything stays up, on servers of its own, and is stopped as it says', async () => {
  const theirs = { ...environment(), ...settingsOfTheirs };
  const run = await runCommand(['demo', '--tasks', '60', '--keep'], theirs);
  expect({ code: run.code, said: run.code === 0 ? '' : run.stderr }).toEqual({ code: 0, said: '' });
  const home = /\.\/kintsugi down (?:\\\n +)?--home (\S+)/.exec(run.stdout)?.[1];
  const apiUrl = /API +(\S+)/.exec(run.stdout)?.[1];
  const pids = processesOf(home!);
  expect(pids).toHaveLength(9);
  expect((await fetch(`${apiUrl}/health/ready`)).status).toBe(200);
  expect(await runCommand(['errors', '--home', home!], theirs)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('smtp.'),
  });
  expect(await runCommand(['down', '--home', home!], theirs)).toMatchObject({ code: 0 });
  expect(pids.filter(isAlive)).toEqual([]);
});

function processesOf(home: string): number[] {
  return readState(home)!.processes.flatMap(({ process }) => process?.pid ?? []);
}
