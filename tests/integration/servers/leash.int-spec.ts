import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { startTimeOf } from '@kintsugi/servers';
import { eventually } from '@kintsugi/testing';

const program = join(import.meta.dirname, 'programs', 'server-holder.mjs');

interface Holdings {
  pids: number[];
  folder: string;
}

const isRunning = (pid: number): boolean => startTimeOf(pid) !== undefined;

async function startHolder(): Promise<{ pid: number; holdings: Holdings; ended: Promise<unknown> }> {
  const holder = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(holder, 'exit');
  const [line] = (await once(holder.stdout, 'data')) as [Buffer];
  return { pid: holder.pid ?? 0, holdings: JSON.parse(line.toString()) as Holdings, ended };
}

describe('the leash', () => {
  test('ends servers, children and their children after the holder was killed', async () => {
    const { pid, holdings, ended } = await startHolder();
    expect(holdings.pids.map(isRunning)).toEqual([true, true, true, true]);
    process.kill(pid, 'SIGKILL');
    await ended;
    const [nats, mongo, stubborn, grandchild] = holdings.pids as [number, number, number, number];
    await eventually(() => expect([nats, mongo, grandchild].filter(isRunning)).toEqual([]));
    // This one ignores SIGTERM, and is killed after a grace of seven seconds.
    await eventually(() => expect(isRunning(stubborn)).toBe(false));
    await eventually(() => expect(existsSync(holdings.folder)).toBe(false));
  });
});
