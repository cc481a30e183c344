import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isPortFree } from '@kintsugi/servers';
import { createTemporaryFolder, eventually, type TemporaryFolder } from '@kintsugi/testing';
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

  it('is there while a thread of it holds its ports, though its first thread has ended', async () => {
    const child = spawn('python3', ['-c', leavesItsSecondThread], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    const [pid, port] = [child.pid ?? 0, Number(said.toString())];
    await eventually(() => expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z '));
    expect(await isPortFree(port, '127.0.0.1')).toBe(false);
    expect(await identify(pid)).toMatchObject({ pid });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await identify(pid)).toBeNull();
  });
});

/** Listens, and ends its first thread alone, as a killed process does for a moment. */
const leavesItsSecondThread = `
import ctypes, platform, socket, threading, time
door = socket.create_server(('127.0.0.1', 0))
threading.Thread(target=lambda: time.sleep(600)).start()
print(door.getsockname()[1], flush=True)
ctypes.CDLL(None).syscall(60 if platform.machine() == 'x86_64' else 93, 0)
`;
