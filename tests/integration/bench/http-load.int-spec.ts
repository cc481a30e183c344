import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from '@jest/globals';
import { submitByHttp } from '../../../tools/bench/src/load/http-load.js';
import type { HttpDoor } from '../../../tools/bench/src/load/producer.js';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

interface Answer {
  status: number;
  body: string;
}

/** A door that tells what came, and the connections over which it came. */
async function openDoor(answer: (n: number) => Answer) {
  const came: number[] = [];
  const connections = new Set<IncomingMessage['socket']>();
  const server = createServer((request, response) => {
    connections.add(request.socket);
    void text(request).then((body) => {
      const { n } = JSON.parse(body) as { n: number };
      came.push(n);
      const { status, body: receipt } = answer(n);
      response.writeHead(status).end(receipt);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const door: HttpDoor = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jobs`,
    bodyOf: ({ n }) => JSON.stringify({ n }),
    receiptOf: (body) => (body === '' ? undefined : body),
  };
  return { door, came, connections };
}

test('every task comes once over as many connections as wanted, and has its receipt and its latency', async () => {
  const { door, came, connections } = await openDoor((n) => ({ status: 202, body: `job ${n}` }));
  const submission = await submitByHttp(door, 50, 8);
  const numbers = Array.from({ length: 50 }, (_, n) => n);
  expect(came.sort((one, other) => one - other)).toEqual(numbers);
  expect(new Set(submission.receipts)).toEqual(new Set(numbers.map((n) => `job ${n}`)));
  expect(submission).toMatchObject({ accepted: 50 });
  expect(submission.latenciesMs).toHaveLength(50);
  expect(submission.acceptedAtMs).toBeGreaterThan(submission.startedAtMs);
  expect(connections.size).toBe(8);
});

test.each([
  ['is refused', { status: 429, body: 'job 7' }, '1 were refused'],
  ['gets no receipt', { status: 202, body: '' }, '1 got no receipt'],
])('a load of which one request %s is none', async (_, wrong, reason) => {
  const { door } = await openDoor((n) => (n === 7 ? wrong : { status: 202, body: `job ${n}` }));
  await expect(submitByHttp(door, 50, 8)).rejects.toThrow(reason);
});
