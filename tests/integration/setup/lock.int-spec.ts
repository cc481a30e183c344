import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTemporaryFolder, eventually, type TemporaryFolder } from '@kintsugi/testing';
import { publish } from '../../../tools/setup/fetch/staging.mjs';
import { acquireLock } from '../../../tools/setup/process/lock.mjs';

const program = join(import.meta.dirname, 'programs', 'lock-holder.mjs');

let folder: TemporaryFolder;
let path: string;

beforeEach(() => {
  folder = createTemporaryFolder();
  path = join(folder.path, 'setup.lock');
});

afterEach(async () => {
  await folder.remove();
});

async function startHolder() {
  const holder = spawn(process.execPath, [program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(holder.stdout, 'data')) as [Buffer];
  const { child } = JSON.parse(line.toString()) as { child: number };
  return { child, pid: holder.pid ?? 0, ended: once(holder, 'exit') };
}

describe('the lock of a set-up', () => {
  test('is waited for while another process holds it, and names that process', async () => {
    const holder = await startHolder();
    const waitedFor: unknown[] = [];
    const acquired = acquireLock(path, (pid) => waitedFor.push(pid));
    await eventually(() => expect(waitedFor).toContain(holder.pid));
    process.kill(holder.pid, 'SIGKILL');
    await holder.ended;
    (await acquired).release();
  });

  test('of a killed set-up is taken over, and the program that it left is ended', async () => {
    const holder = await startHolder();
    process.kill(holder.pid, 'SIGKILL');
    await holder.ended;
    expect(existsSync(`/proc/${holder.child}`)).toBe(true);
    const lock = await acquireLock(path, () => undefined);
    await eventually(() => expect(existsSync(`/proc/${holder.child}`)).toBe(false));
    lock.release();
  });

  test('is held by one at a time', async () => {
    let holders = 0;
    let holdersMax = 0;
    const hold = async () => {
      const lock = await acquireLock(path, () => undefined);
      holders += 1;
      holdersMax = Math.max(holdersMax, holders);
      await new Promise((resolve) => setImmediate(resolve));
      holders -= 1;
      lock.release();
    };
    await Promise.all([hold(), hold(), hold(), hold()]);
    expect(holdersMax).toBe(1);
  });

  test('is taken anew when its folder was deleted while it was waited for', async () => {
    const holder = await startHolder();
    let isWaiting = false;
    const acquired = acquireLock(path, () => (isWaiting = true));
    await eventually(() => expect(isWaiting).toBe(true));
    rmSync(path);
    process.kill(holder.pid, 'SIGKILL');
    const lock = await acquired;
    expect(existsSync(path)).toBe(true);
    lock.release();
  });
});

describe('what is fetched', () => {
  test('appears whole or not at all', async () => {
    const target = join(folder.path, 'fetched');
    await expect(publish(target, () => Promise.reject(new Error('cut off')))).rejects.toThrow('cut off');
    expect(existsSync(target)).toBe(false);
    await publish(target, (staging) => staging);
    expect(existsSync(target)).toBe(true);
    expect(existsSync(`${target}.partial`)).toBe(false);
  });
});
