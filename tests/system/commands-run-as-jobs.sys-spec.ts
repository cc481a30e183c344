// A command is run as a job: from the terminal, as far as it is allowed, once at a time, and with its end told as it was.
import { once } from 'node:events';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BatchJob, JobPage, PoolView } from '@kintsugi/contracts';
import { startPlatform, type Platform } from '@kintsugi/supervisor';
import { eventually, isRunning } from '@kintsugi/testing';
import { makeRepository } from '../integration/pool-agent/repository.js';
import { runCommand, startCommand } from '../command-line.js';

let platform: Platform;

beforeAll(async () => {
  platform = await startPlatform({
    settings: { WORKERS: 0, BUILT_IN_WORKER: 'on' },
    environment: {
      ...process.env,
      NODE_OPTIONS: '',
      RETRY_WAIT_SECONDS: '0.1',
      COMMAND_GRACE_MS: '300',
      POOL_ALLOWED_URLS: 'file:///*',
    },
  });
});

afterAll(async () => {
  await platform?.stop();
});

const run = (...args: string[]) => runCommand(['run', '--home', platform.home, ...args]);

async function get<Answer>(path: string): Promise<Answer> {
  return (await (await fetch(new URL(path, platform.urls.api))).json()) as Answer;
}

function allow(rules: object): void {
  writeFileSync(join(platform.home, 'worker.yaml'), JSON.stringify(rules));
}

/** Processes whose command line holds a text. */
function running(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').includes(text) && isRunning(pid);
      } catch {
        return false;
      }
    });
}

describe('kintsugi run', () => {
  test('passes on what the command writes, as it was given, and its exit code', async () => {
    expect(await run('--', 'echo', 'a  b', '; id', '$(id)', '-n')).toEqual({
      code: 0,
      stdout: 'a  b ; id $(id) -n\n',
      stderr: '',
    });
    expect(await run('--', 'false')).toMatchObject({ code: 1, stdout: '' });
  });

  test('tells with --json how it ended', async () => {
    const { stdout, code } = await run('--json', '--', 'printf', 'x');
    const value = JSON.parse(stdout) as { tasks: unknown[] };
    expect(value).toMatchObject({ status: 'completed', exit_code: 0, tasks: [{ result: { stdout: 'x', stdout_bytes: 1 } }] });
    expect(code).toBe(0);
  });

  test('runs nothing that is not allowed, and says what would allow it, which counts at once', async () => {
    const refused = await run('--', 'ls', '/etc/hostname');
    expect(refused).toMatchObject({ code: 126, stdout: '' });
    expect(refused.stderr).toContain('cli.command_not_allowed');
    writeFileSync(join(platform.home, 'worker.yaml'), refused.stderr.slice(refused.stderr.indexOf('\ncommands:')));
    expect(await run('--', 'ls', '/etc/hostname')).toMatchObject({ code: 0, stdout: '/etc/hostname\n' });
    expect(await run('--', 'ls', '-l')).toMatchObject({ code: 126 });
    expect(await run('--env', 'LD_PRELOAD=x.so', '--', 'ls')).toMatchObject({ code: 126 });
  });

  test('ends the command with Ctrl-C, and its job is cancelled', async () => {
    const seconds = '98761';
    const child = startCommand(['run', '--home', platform.home, '--group', 'interrupted', '--', 'sleep', seconds]);
    await eventually(() => expect(running(seconds).length).toBe(2));
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
    expect(running(seconds)).toEqual([]);
    const { items } = await eventually(async () => {
      const page = await get<JobPage>('/v1/jobs?sending_group_id=interrupted');
      expect(page.items).toHaveLength(1);
      return page;
    });
    expect(await get<BatchJob>(`/v1/jobs/${items[0]?.id}`)).toMatchObject({ status: 'cancelled' });
  });
});

test('commands by data type are a task each, and the exit code is that of the one that failed', async () => {
  const file = join(platform.home, 'types.json');
  const types = [
    { name: 'prices', argv: ['echo', 'p'] },
    { name: 'stocks', argv: ['false'] },
  ];
  writeFileSync(file, JSON.stringify({ data_types: types }));
  const { stdout, code } = await run('--json', '--data-types', file);
  expect(JSON.parse(stdout)).toMatchObject({
    tasks: [
      { key: 'prices', state: 'succeeded' },
      { key: 'stocks', state: 'dead' },
    ],
  });
  expect(code).toBe(1);
});

test('a failing command is retried as the platform says, and its last output is kept', async () => {
  allow({
    commands: [{ name: 'fails', executable: '/bin/sh', leading_arguments: ['-c', 'echo "try $KINTSUGI_ATTEMPT" >&2; exit 9'] }],
  });
  const { stdout, code } = await run('--json', '--retries', '1', '--', 'fails');
  expect(JSON.parse(stdout)).toMatchObject({
    tasks: [{ attempts: 2, error: { error_type: 'cli.exit.9' }, result: { exit_code: 9, stderr: 'try 2\n' } }],
  });
  expect(code).toBe(9);
});

test('what a worker that was killed has left running is ended before the command runs again', async () => {
  const notes = join(platform.home, 'notes');
  const script = `echo "begin $$" >> ${notes}; trap '' TERM; if [ $KINTSUGI_ATTEMPT = 1 ]; then while :; do sleep 1; done; fi; echo end >> ${notes}`;
  allow({ commands: [{ name: 'lasts', executable: '/bin/sh', leading_arguments: ['-c', script] }] });
  const ended = run('--retries', '3', '--', 'lasts');
  const first = await eventually(() => {
    const [, pid] = /^begin (\d+)$/m.exec(readFileSync(notes, 'utf8')) ?? [];
    expect(pid).toBeDefined();
    return Number(pid);
  });
  platform.kill('built-in-worker');
  expect(await ended).toMatchObject({ code: 0 });
  expect(readFileSync(notes, 'utf8')).toMatch(/^begin \d+\nbegin \d+\nend\n$/);
  expect(isRunning(first)).toBe(false);
});

test('a command that needs a working copy runs in a slot of its pool, which is clean and free again when it has ended', async () => {
  const repository = makeRepository(join(platform.home, 'repository'));
  const pool = (...args: string[]) => runCommand(['pool', '--home', platform.home, '--json', ...args]);
  expect(await pool('create', 'app', '--repository', repository)).toMatchObject({ code: 0 });
  const script = 'cat README; echo changed > README; echo kept > draft; exit 7';
  const commands = [{ name: 'work', executable: '/bin/sh', leading_arguments: ['-c', script] }];
  allow({ commands });
  const refused = await run('--pool', 'app', '--', 'work');
  expect(refused).toMatchObject({ code: 126, stderr: expect.stringContaining('pools: ["app"]') });
  allow({ commands, pools: ['app'] });
  expect(await run('--pool', 'app', '--ref', 'next', '--', 'work')).toMatchObject({ code: 7, stdout: 'round 2\n' });
  const { slots } = JSON.parse((await pool('show', 'app')).stdout) as PoolView;
  expect(slots).toMatchObject([{ state: 'AVAILABLE', owner: null }]);
  expect(readFileSync(join(slots[0]?.path ?? '', 'README'), 'utf8')).toBe('round 3\n');
  expect(readdirSync(slots[0]?.path ?? '')).not.toContain('draft');
});

describe('what a command writes', () => {
  test('is shown while it runs, and kept in the log of its job without its secrets', async () => {
    const gate = join(platform.home, 'gate');
    const script = `echo "begun with $TOKEN"; while ! [ -e ${gate} ]; do sleep 0.05; done; printf 'no line end' >&2`;
    const environment = ['TOKEN'];
    allow({
      commands: [{ name: 'waits', executable: '/bin/sh', leading_arguments: ['-c', script], environment, arguments: [] }],
    });
    const job = {
      ...{ product_id: 'p', sending_group_id: 'secret', type: 'execute_cli' },
      tasks: [{ payload: { argv: ['waits'], env: { TOKEN: 'canary-2718' }, secret_env: ['TOKEN'] } }],
    };
    const created = await fetch(new URL('/job-operations', platform.urls.api), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ action: 'createJob', data: job }),
    });
    const { job_id: jobId } = (await created.json()) as { job_id: string };
    const logs = (...args: string[]) => runCommand(['logs', '--home', platform.home, jobId, '--text', ...args]);
    await eventually(async () => expect(await logs()).toMatchObject({ stdout: 'begun with …\n' }));
    const child = startCommand(['run', '--home', platform.home, '--', 'waits']);
    const live = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) child[name]?.on('data', (text: Buffer) => (live[name] += text.toString()));
    await eventually(() => expect(live.stdout).toBe('begun with \n'));
    const followed = logs('--follow');
    writeFileSync(gate, '');
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(live).toEqual({ stdout: 'begun with \n', stderr: 'no line end' });
    expect(await followed).toMatchObject({ code: 0, stdout: 'begun with …\nno line end' });
    const { stdout } = await runCommand(['logs', '--home', platform.home, jobId, '--stream', 'stderr', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ stream: 'stderr', level: 'warn', partial: true, text: 'no line end' });
  });
});
