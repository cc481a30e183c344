import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { askWhetherLives } from '../../../tools/bench/src/process/ask-whether-lives.js';

let server: Server | undefined;

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
});

async function targetOf(listener: RequestListener) {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { name: 'gateway', pid: process.pid, url: `http://127.0.0.1:${port}/health/live` };
}

test('an answer says how long it took', async () => {
  const answer = await askWhetherLives(await targetOf((_, response) => void response.end()), 60_000);
  expect(answer).toMatchObject({ name: 'gateway', answerMs: expect.any(Number), ranMs: expect.any(Number) });
});

test('a service that says no is a fault', async () => {
  const target = await targetOf((_, response) => void response.writeHead(503).end());
  expect(await askWhetherLives(target, 60_000)).toEqual({ name: 'gateway', reason: 'it answered 503' });
});

test.each<[string, RequestListener]>([
  ['takes the question and says nothing', () => undefined],
  ['stops in the middle of its answer', (_, response) => void response.writeHead(200, { 'content-length': '10' }).write('half')],
])('a service that %s is waited for no longer than is allowed', async (_, listener) => {
  const target = await targetOf(listener);
  expect(await askWhetherLives(target, 50)).toEqual({ name: 'gateway', reason: 'no answer within 50 ms' });
});

test('a service that is gone is a fault, by its port as by its process', async () => {
  const target = await targetOf(() => undefined);
  await new Promise((resolve) => server?.close(resolve));
  server = undefined;
  expect(await askWhetherLives(target, 60_000)).toMatchObject({ reason: expect.stringContaining('ECONNREFUSED') });
  expect(await askWhetherLives({ ...target, pid: 2 ** 30 }, 60_000)).toMatchObject({ reason: expect.stringContaining('ENOENT') });
});
