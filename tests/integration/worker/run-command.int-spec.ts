// Real programs: how they end is told, what they write is kept in bounded memory, and nothing of them is left.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTemporaryFolder, eventually, isRunning, type TemporaryFolder } from '@kintsugi/testing';
import type { ProcessUse } from '@kintsugi/worker-sdk/processes';
import { commandFolder } from '../../../apps/worker/src/cli/process/command-folder.js';
import { endMarked, isOrphan, markOf, markVariable } from '../../../apps/worker/src/cli/process/marked-processes.js';
import { runCommand, type CommandOrder } from '../../../apps/worker/src/cli/process/run-command.js';
import type { LogSender } from '../../../libs/worker-sdk/src/log-sender.js';
import { SecretMask } from '../../../libs/worker-sdk/src/secret-mask.js';
import { TaskLog } from '../../../libs/worker-sdk/src/task-log.js';

let folder: TemporaryFolder;

beforeAll(() => {
  folder = createTemporaryFolder('commands');
});

afterAll(async () => {
  await folder.remove();
});

function shell(script: string, given: Partial<CommandOrder> = {}) {
  return runCommand({
    executable: '/bin/sh',
    args: ['-c', script],
    folder: folder.path,
    environment: { PATH: '/usr/bin:/bin' },
    timeoutMs: 60_000,
    graceMs: 200,
    signal: new AbortController().signal,
    limits: { memoryMib: null, cpuCores: null, processes: 512 },
    onOutput: () => undefined,
    onUsage: () => undefined,
    ...given,
  });
}

describe('how a command ends', () => {
  test('with an exit code, and with what it wrote on both streams', async () => {
    const run = await shell('printf out; printf err >&2; exit 7');
    expect(run).toMatchObject({ exitCode: 7, signal: null, timedOut: false, startFault: null });
    expect([run.stdout.textOf(100).text, run.stderr.textOf(100).text]).toEqual(['out', 'err']);
  });

  test('by a signal', async () => {
    expect(await shell('kill -SEGV $$')).toMatchObject({ exitCode: null, signal: 'SIGSEGV' });
  });

  test.each([
    ['a program that is not there', { executable: '/no/such/program' }, 'ENOENT'],
    ['more arguments than the system takes', { args: ['-c', 'true', 'x'.repeat(3_000_000)] }, 'E2BIG'],
  ])('not at all: %s', async (_, given, startFault) => {
    expect(await shell('true', given)).toMatchObject({ exitCode: null, startFault });
  });

  test('not at all: a file that is no program', async () => {
    const executable = join(folder.path, 'text');
    writeFileSync(executable, 'text', { mode: 0o600 });
    expect(await shell('true', { executable })).toMatchObject({ exitCode: null, startFault: 'EACCES' });
  });

  test('without an input to wait for', async () => {
    expect(await shell('cat')).toMatchObject({ exitCode: 0 });
  });
});

describe('a command that is to end takes all with it that it has started', () => {
  const stubborn = "trap '' TERM; (trap '' TERM; while :; do sleep 1; done) & echo $!; while :; do sleep 1; done";

  test('after its time, also where it ignores SIGTERM', async () => {
    const run = await shell(stubborn, { timeoutMs: 2_000 });
    expect(run).toMatchObject({ timedOut: true, signal: 'SIGKILL', exitCode: null });
    const child = Number(run.stdout.textOf(100).text);
    await eventually(() => expect(isRunning(child)).toBe(false));
  });

  test('when its job is cancelled', async () => {
    const controller = new AbortController();
    let pid = 0;
    const run = await shell(stubborn, {
      signal: controller.signal,
      onOutput: (_, bytes) => {
        pid = Number(bytes.toString());
        controller.abort();
      },
    });
    expect(run).toMatchObject({ signal: 'SIGKILL', timedOut: false });
    await eventually(() => expect(isRunning(pid)).toBe(false));
  });

  test('and one that ends by itself, what it has left behind', async () => {
    const run = await shell('sleep 600 & echo $!');
    expect(run).toMatchObject({ exitCode: 0 });
    const child = Number(run.stdout.textOf(100).text);
    await eventually(() => expect(isRunning(child)).toBe(false));
  });

  test('one that was cancelled before does not start', async () => {
    expect(await shell('true', { signal: AbortSignal.abort() })).toMatchObject({ startFault: 'ECANCELED', exitCode: null });
  });
});

describe('what it writes', () => {
  test('2 GB take no memory, are counted, and their beginning and end are kept; each line is logged or counted as missing', async () => {
    const [line, bytes] = ['INFO method=GET path=/orders status=200 took_ms=12 bytes=100', 2_000_000_000];
    const sender = { baseMs: Date.now(), held: 0, dropped: 0, hasRoom: true, isFull: () => false, note: () => undefined };
    const task = { jobId: 'job_1', taskId: `task_${'0'.repeat(36)}.0.0`, attempt: 1 };
    const log = new TaskLog(task, sender as unknown as LogSender, () => new SecretMask());
    const lines = { logged: 0, notes: 0 };
    const send = (): void => {
      for (let taken = log.take(Infinity); taken; taken = log.take(Infinity)) {
        const notes =
          Buffer.concat(taken.pieces)
            .toString()
            .match(/lines \(\d+ bytes\) are missing here/g)?.length ?? 0;
        lines.notes += notes;
        lines.logged += taken.run[2] - notes;
      }
    };
    const before = process.memoryUsage().arrayBuffers;
    let [largest, pieces] = [0, 0];
    const run = await shell(`echo first; yes '${line}' | head -c ${bytes}; echo; echo last`, {
      onOutput: (stream, piece) => {
        log.output(stream, piece);
        send();
        // To ask at each of them takes longer than all the rest.
        if (pieces % 64 === 0) largest = Math.max(largest, process.memoryUsage().arrayBuffers);
        pieces += 1;
      },
      timeoutMs: 280_000,
    });
    log.end();
    send();
    expect(run.stdout.bytes).toBe(bytes + 12);
    expect(run.stdout.textOf(1_000).text).toMatch(/^first\n.*last\n$/s);
    expect(largest - before).toBeLessThan(200_000_000);
    // Of a line that is cut by a gap one part may be logged, and the line counted.
    expect(lines.notes).toBeGreaterThan(0);
    expect(Math.abs(lines.logged + sender.dropped - (Math.ceil(bytes / (line.length + 1)) + 2))).toBeLessThanOrEqual(lines.notes);
  });

  test('is given back as soon as it was taken, and not when memory is collected', async () => {
    const pieces: Buffer[] = [];
    let taken = 0;
    const run = await shell(`yes line | head -c 1000000; printf end >&2`, {
      onOutput: (_, piece) => {
        taken += piece.length;
        pieces.push(piece);
      },
    });
    expect(taken).toBe(1_000_003);
    expect(run.stderr.textOf(100).text).toBe('end');
    expect(pieces.filter(({ length }) => length > 0)).toEqual([]);
  });

  test('as bytes that are no text, and without an end of line', async () => {
    const run = await shell(String.raw`printf '\377\000\346\227'`);
    expect(run.stdout.textOf(100)).toEqual({ text: '\ufffd\u2400\ufffd', dropped: 0 });
  });
});

describe('what a worker that was killed has left', () => {
  /** A process with the mark of a task, by a worker that is no more. */
  async function orphan(mark: string): Promise<number> {
    const child = spawn('/bin/sh', ['-c', "trap '' TERM; echo ready; while :; do sleep 1; done"], {
      detached: true,
      env: { PATH: '/usr/bin:/bin', [markVariable]: mark },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout, 'data');
    return child.pid as number;
  }

  test('is found by its mark and ended, with what it has started', async () => {
    const pid = await orphan('task_left@999999.1');
    const other = await orphan(markOf('task_other'));
    expect(await endMarked((mark) => isOrphan(mark) && mark.taskId === 'task_left', 200)).toBeGreaterThan(0);
    expect([isRunning(pid), isRunning(other)]).toEqual([false, true]);
    await endMarked(({ taskId }) => taskId === 'task_other', 0);
    expect(isRunning(other)).toBe(false);
  });
});

describe('the folder of a command', () => {
  test('is in the folder of the worker, whatever is asked for', () => {
    const root = join(folder.path, 'root');
    mkdirSync(join(root, 'inner'), { recursive: true });
    symlinkSync('/etc', join(root, 'link'));
    expect(commandFolder(root, undefined)).toBe(root);
    expect(commandFolder(root, 'inner')).toBe(join(root, 'inner'));
    expect(commandFolder(root, '/inner')).toBe(join(root, 'inner'));
    for (const wanted of ['..', '../root2', 'link', 'inner/../..', 'none', 'a\0b']) {
      expect(commandFolder(root, wanted)).toBeNull();
    }
  });
});

describe('what a command uses', () => {
  test('is told at its end with all that it has waited for, and its memory as it was seen', async () => {
    const told: ProcessUse[] = [];
    const seen = join(folder.path, 'seen');
    const script = `${process.execPath} -e "while (!require('node:fs').existsSync('${seen}'));"; :`;
    const onUsage = (used: ProcessUse): void => {
      told.push(used);
      if (used.memoryMib !== null && used.cpuMs > 50) writeFileSync(seen, '');
    };
    await shell(script, { onUsage });
    const last = told.at(-1);
    expect(last?.cpuMs).toBeGreaterThan(50);
    expect(last?.memoryMib).toBeGreaterThan(1);
    expect(told.map(({ cpuMs }) => cpuMs)).toEqual(told.map(({ cpuMs }) => cpuMs).sort((a, b) => a - b));
  });

  test('is its own, and not that of the one before', async () => {
    const told: ProcessUse[] = [];
    await shell('exit 0', { onUsage: (used) => told.push(used) });
    expect(told.at(-1)?.cpuMs).toBeLessThan(200);
  });
});

describe('a command that uses more than it may is killed with all that it has started', () => {
  const none = { memoryMib: null, cpuCores: null, processes: 512 };

  test('of memory, also what its children use', async () => {
    const script = `(exec ${process.execPath} -e "const held = Buffer.alloc(200e6, 1); setInterval(() => held, 1e3)") & sleep 600; wait`;
    const run = await shell(script, { limits: { ...none, memoryMib: 60 } });
    expect(run).toMatchObject({ signal: 'SIGKILL', excess: { of: 'memory', limit: 60 } });
  });

  test('of CPU, over some seconds', async () => {
    const run = await shell('while :; do :; done', { limits: { ...none, cpuCores: 0.2 } });
    expect(run).toMatchObject({ signal: 'SIGKILL', excess: { of: 'cpu', limit: 0.2 } });
  });

  test('of processes: a fork bomb is over', async () => {
    const mark = `bomb-${process.pid}`;
    const run = await shell('bomb() { sleep 60 & bomb & wait; }; bomb', {
      limits: { ...none, processes: 40 },
      environment: { PATH: '/usr/bin:/bin', [markVariable]: markOf(mark) },
    });
    expect(run).toMatchObject({ signal: 'SIGKILL', excess: { of: 'processes', limit: 40 } });
    expect(await endMarked(({ taskId }) => taskId === mark, 0)).toBe(0);
  });
});
