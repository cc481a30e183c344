// What is written to a connection that has just broken is written over another one, and does not wait for ever.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Store } from '@kintsugi/persistence';
import { startTestServers, type TestServers } from '@kintsugi/testing';

let servers: TestServers;
let store: Store;
const sockets: Socket[] = [];
const note = (message: unknown): void => void sockets.push((message as { socket: Socket }).socket);

beforeAll(async () => {
  servers = await startTestServers();
  subscribe('net.client.socket', note);
  store = await Store.connect({ url: servers.mongoUrl, database: 'closed', applicationName: 'test' }, () => undefined);
});

afterAll(async () => {
  unsubscribe('net.client.socket', note);
  await store?.close();
  await servers?.stop();
});

test.each([1, 2, 3])('a write to connections that broke a moment ago is made, time %i', async (_id) => {
  const things = store.collection<{ _id: number }>('things');
  await things.countDocuments();
  expect(sockets.length).toBeGreaterThan(0);
  for (const socket of sockets.splice(0)) socket.destroy();
  await things.insertOne({ _id });
  expect(await things.countDocuments()).toBe(_id);
});
