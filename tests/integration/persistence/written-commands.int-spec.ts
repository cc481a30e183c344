// What the driver makes of a long command is given back once it is written, and is written whole before.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Store } from '@kintsugi/persistence';
import { startTestServers, type TestServers } from '@kintsugi/testing';

let servers: TestServers;
let store: Store;
const written: Uint8Array[] = [];
/** Whether the next long command is the last of its connection. */
let cutsNext = false;
const note = (message: unknown): void => {
  const { socket } = message as { socket: Socket };
  // As it connects it takes what it is written to by from its class once more.
  socket.once('connect', () => {
    type Done = (error?: Error | null) => void;
    const write = socket.write.bind(socket) as (bytes: Uint8Array, done?: Done) => boolean;
    socket.write = ((bytes: Uint8Array, done?: Done) => {
      written.push(bytes);
      if (!cutsNext || bytes.length < 64 * 1024) return write(bytes, done);
      cutsNext = false;
      return write(bytes, (error) => {
        done?.(error);
        socket.destroy();
      });
    }) as Socket['write'];
  });
};

beforeAll(async () => {
  servers = await startTestServers();
  subscribe('net.client.socket', note);
  store = await Store.connect({ url: servers.mongoUrl, database: 'written', applicationName: 'test' }, () => undefined);
});

afterAll(async () => {
  unsubscribe('net.client.socket', note);
  await store?.close();
  await servers?.stop();
});

test('documents of any length are stored as they are, side by side, and long commands leave no memory behind', async () => {
  const things = store.collection<{ _id: number; text: string }>('things');
  const texts = [10, 70_000, 1_000_000, 4_000_000, 100, 300_000].map((length, index) => String(index).repeat(length));
  await Promise.all(texts.map((text, _id) => things.insertOne({ _id, text })));
  await things.insertMany(texts.map((text, index) => ({ _id: texts.length + index, text })));
  const found = await things.find().sort({ _id: 1 }).toArray();
  expect(found.map(({ text }) => text)).toEqual([...texts, ...texts]);
  // Short ones are cut from memory that others have as well.
  expect(written.filter(({ length }) => length >= 64 * 1024)).toEqual([]);
  expect(written.filter(({ length }) => length === 0)).toHaveLength(5);
});

test('a command that was written, and whose connection is cut before the answer, comes whole by the next connection', async () => {
  const things = store.collection<{ _id: string; text: string }>('cut');
  const text = 'x'.repeat(1_000_000);
  for (const _id of ['by itself', 'of some']) {
    written.length = 0;
    cutsNext = true;
    if (_id === 'by itself') await things.insertOne({ _id, text });
    else await things.insertMany([{ _id, text }]);
    expect(cutsNext).toBe(false);
    expect(written.filter(({ length }) => length === 0)).toHaveLength(2);
    expect(await things.findOne({ _id })).toEqual({ _id, text });
  }
});
