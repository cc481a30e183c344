import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';
import { HomeLockedError, lockHome } from '../../../tools/supervisor/src/process/home-lock.js';
import { identify } from '../../../tools/supervisor/src/process/process-identity.js';

let home: TemporaryFolder;

beforeEach(() => {
  home = createTemporaryFolder('home');
});

afterEach(() => home.remove());

describe('the lock of a home', () => {
  it('is refused while its holder lives, and names it', async () => {
    const unlock = await lockHome(home.path);
    await expect(lockHome(home.path)).rejects.toThrow(HomeLockedError);
    await expect(lockHome(home.path)).rejects.toThrow(`supervisor pid ${process.pid}`);
    unlock();
    (await lockHome(home.path))();
    expect(readdirSync(join(home.path, 'run'))).toEqual([]);
  });

  it('is taken over from a dead holder, from a pid that was given to another process, and when it names nobody', async () => {
    (await lockHome(home.path))();
    const lock = join(home.path, 'run', 'lock');
    const dead = [
      { pid: 2 ** 22 + 1, start_token: '1' },
      { pid: process.pid, start_token: '1' },
    ];
    const garbage = [null, {}, [], 7, { pid: process.pid }, { pid: 'x', start_token: '' }, { start_token: '1' }];
    for (const holder of [...dead, ...garbage, 'torn']) {
      writeFileSync(lock, holder === 'torn' ? '{"pid":' : JSON.stringify(holder));
      const unlock = await lockHome(home.path);
      expect(existsSync(lock)).toBe(true);
      unlock();
      expect(existsSync(lock)).toBe(false);
    }
  });

  it('goes to one of many that come at once', async () => {
    writeFileSync(join(home.path, 'stale'), '');
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockHome(home.path)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('the identity of a process', () => {
  it('is the same each time, and none for what does not run', async () => {
    expect(await identify(process.pid)).toEqual(await identify(process.pid));
    expect(await identify(2 ** 22 + 1)).toBeNull();
  });
});
