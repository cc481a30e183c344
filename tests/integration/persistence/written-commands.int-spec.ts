// What the driver makes of a long command is given back once it is written, and is written whole before.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Store } from '@kintsugi/persistence';
import { startTestServers, type TestServers } from '@kintsugi/testing';

let servers: TestServers;
let store: Store;
const written: Uint8Array[] = [];
const note = (message: unknown): void => {
  const { socket } = message as { socket: Socket };
  // As it connects it takes what it is written to by from its class once more.
  socket.once('connect', () => {
    const write = socket.write.bind(socket) as (bytes: Uint8Array, ...rest: unknown[]) => boolean;
    socket.write = (bytes: Uint8Array, ...rest: unknown[]) => {
      written.push(bytes);
      return write(bytes, ...rest);
    };
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
