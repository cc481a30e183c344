import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FolderOwner } from '../../../apps/pool-agent/src/slots/folder-owner.js';
import { PoolFolder } from '../../../apps/pool-agent/src/slots/pool-folder.js';
import { openPools } from './pool-under-test.js';

let root: string;
let folder: PoolFolder;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kintsugi-pool-'));
  folder = new PoolFolder(join(root, 'pools'), 'here');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('where a server leads on to another repository, nobody follows', async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    const isFirst = request.url?.startsWith('/allowed/');
    response.writeHead(isFirst ? 302 : 404, { location: request.url?.replace('/allowed/', '/elsewhere/') ?? '' }).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const other = await openPools(root, undefined, `${at}/allowed/*`);
  await expect(other.create({ name: 'x', repository_url: `${at}/allowed/x` })).rejects.toMatchObject({
    code: 'REPOSITORY_UNAVAILABLE',
  });
  expect(asked.map((url) => url?.split('/')[1])).toEqual(['allowed']);
  server.close();
});

describe('a folder has one agent', () => {
  const times = { beatMs: 10, silentMs: 60 };
  const owner = (onLost = (): void => undefined) => new FolderOwner(folder, onLost, times);
  const record = () => join(folder.root, 'agent.json');
  /** As one of another machine writes it. */
  const writeOther = (beats: number) =>
    writeFileSync(record(), JSON.stringify({ id: 'other', boot_id: 'b', pid: 1, pid_start: '1', pid_namespace: 'n', beats }));

  test('as long as it lives, or beats on another machine; after its silence the folder is free', async () => {
    const one = owner();
    await one.take();
    await expect(owner().take()).rejects.toThrow(`Process ${process.pid} has`);
    await one.giveBack();
    let beats = 0;
    const beating = setInterval(() => writeOther((beats += 1)), 5);
    writeOther(0);
    await expect(owner().take()).rejects.toThrow('An agent of another machine or container has');
    clearInterval(beating);
    const next = owner();
    await next.take();
    await next.giveBack();
    expect(existsSync(record())).toBe(false);
  });

  test('and the one that loses it is told', async () => {
    const loss = new Promise<void>((resolve) => {
      const one = owner(resolve);
      void one.take().then(() => writeOther(1));
    });
    await loss;
    expect(JSON.parse(readFileSync(record(), 'utf8'))).toMatchObject({ id: 'other' });
  });

  test('and is no folder of somebody else', async () => {
    mkdirSync(folder.root);
    writeFileSync(join(folder.root, 'letter.txt'), 'mine');
    await expect(owner().take()).rejects.toThrow('letter.txt is there, which no pool has made');
  });
});
