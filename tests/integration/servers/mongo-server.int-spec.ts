import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createMongoServer, freePort } from '@kintsugi/servers';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';

let folder: TemporaryFolder;

beforeEach(() => {
  folder = createTemporaryFolder();
});

afterEach(async () => {
  await folder.remove();
});

describe('mongod', () => {
  test('comes up on another port with its data', async () => {
    const before = createMongoServer({ port: await freePort(), folder: folder.path });
    await before.start();
    const writer = await new MongoClient(before.url).connect();
    await writer.db('kept').collection<{ _id: string }>('documents').insertOne({ _id: 'one' });
    await writer.close();
    await before.stop();
    const after = createMongoServer({ port: await freePort(), folder: folder.path });
    await after.start();
    const reader = await new MongoClient(after.url).connect();
    expect(await reader.db('kept').collection<{ _id: string }>('documents').findOne({ _id: 'one' })).toEqual({ _id: 'one' });
    await reader.close();
    await after.stop();
  });

  test('whose files are damaged says so in words, with what to do, and leaves nothing running', async () => {
    const server = createMongoServer({ port: await freePort(), folder: folder.path });
    mkdirSync(join(folder.path, 'data'));
    writeFileSync(join(folder.path, 'data', 'WiredTiger'), 'not a database');
    writeFileSync(join(folder.path, 'data', 'storage.bson'), 'nor this');
    const error = await server.start().catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      message: expect.stringMatching(/^mongod \(.+\) ended while starting: its files are damaged\.$/),
      fault: { advice: expect.stringContaining(`Put a backup of ${folder.path} in its place`) },
    });
    expect(server.pid).toBeUndefined();
  });

  test('tells whether its end was asked for', async () => {
    const server = createMongoServer({ port: await freePort(), folder: folder.path });
    const exits: unknown[] = [];
    server.onExit((exit) => exits.push(exit));
    await server.start();
    const gone = new Promise<void>((resolve) => server.onExit(() => resolve()));
    process.kill(server.pid ?? 0, 'SIGKILL');
    await gone;
    await server.start();
    await server.stop();
    expect(exits).toEqual([
      { code: null, signal: 'SIGKILL', expected: false },
      { code: 0, signal: null, expected: true },
    ]);
  });
});
