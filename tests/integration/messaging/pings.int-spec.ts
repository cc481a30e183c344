// Pings cut the connection to a server that is silent, and to no server whose answers lie behind much that is still to be read.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { guardPings } from '../../../libs/shared/messaging/src/guard-pings.js';

const sendEveryMs = 10;
const pings = { pingInterval: 20 * sendEveryMs, maxPingOut: 2 };
const greeting = `INFO ${JSON.stringify({ server_id: 'S', version: '2.11.0', proto: 1, headers: true, max_payload: 1e9 })}\r\n`;

let server: Server;
let socket: Socket;
let connection: NatsConnection;
let told: string[];

/** A server that answers the first ping, and then no other. */
beforeEach(async () => {
  server = createServer((client) => {
    socket = client;
    client.on('error', () => undefined);
    client.write(greeting);
    client.once('data', () => client.write('PONG\r\n'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  connection = await connect({ port: (server.address() as AddressInfo).port, reconnectTimeWait: 1, ...pings });
  guardPings(connection);
  told = [];
  void (async () => {
    for await (const { type } of connection.status()) told.push(type);
  })();
});

afterEach(async () => {
  await connection.close();
  server.close();
  socket.destroy();
});

const pinged = (): number => told.filter((type) => type === 'ping').length;

/** @returns how to stop */
function sendOnAndOn(head: string): () => void {
  socket.write(head);
  const sending = setInterval(() => socket.write('x'), sendEveryMs);
  return () => clearInterval(sending);
}

test.each([
  ['first', async () => undefined],
  ['next', () => (socket.destroy(), eventually(() => expect(told).toContain('reconnect')))],
])('one that still sends a long message is there, and is gone once it sends nothing, at the %s connection', async (_, come) => {
  connection.subscribe('long');
  await come();
  const stop = sendOnAndOn('MSG long 1 1000000\r\n');
  await eventually(() => expect(pinged()).toBeGreaterThan(4 * pings.maxPingOut));
  expect(told).not.toContain('staleConnection');
  stop();
  await eventually(() => expect(told).toContain('staleConnection'));
});

test('one that sends what nobody reads any more is gone', async () => {
  const stop = sendOnAndOn('MSG long 1 no-size\r\n');
  await eventually(() => expect(told).toContain('staleConnection'));
  stop();
});

test('one that sends nothing is gone after as many pings as may be without an answer', async () => {
  await eventually(() => expect(told).toContain('staleConnection'));
  const before = told.slice(0, told.indexOf('staleConnection'));
  expect(before.filter((type) => type === 'ping')).toHaveLength(pings.maxPingOut + 1);
});
