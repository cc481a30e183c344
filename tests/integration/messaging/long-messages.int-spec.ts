// A message that is longer than what is read at once has memory of its own, and comes whole.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { giveBack } from '@kintsugi/boundary';
import { Bus } from '@kintsugi/messaging';
import { eventually } from '@kintsugi/testing';
import type { NatsConnection } from '@nats-io/nats-core';
import { Kind, Parser, type ParserEvent } from '@nats-io/nats-core/internal';
import fc from 'fast-check';
import { makeRoomForLongMessages } from '../../../libs/shared/messaging/src/room-for-long-messages.js';

const sizes = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 12 });
const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 40 });

/** What a connection reads, and how it is told that the next one to a server begins. */
function reading() {
  const bodies: Uint8Array[] = [];
  const push = (event: unknown): void => {
    const { kind, data } = event as ParserEvent;
    if (kind === Kind.MSG && data) bodies.push(data);
  };
  const newParser = (): Parser => new Parser({ push });
  const protocol = { parser: newParser(), resetOutbound: () => void (protocol.parser = newParser()) };
  makeRoomForLongMessages({ protocol } as unknown as NatsConnection);
  return { bodies, parse: (bytes: Uint8Array) => protocol.parser.parse(bytes), reconnect: () => protocol.resetOutbound() };
}

/** Bytes as they come from a socket: in memory of their own. */
function* piecesOf(bytes: Buffer, lengths: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const piece = Uint8Array.from(bytes.subarray(at, (at += lengths[turn % lengths.length] as number)));
    yield piece;
  }
}

function messagesOf(lengths: readonly number[]): { bodies: Buffer[]; bytes: Buffer } {
  const bodies = lengths.map((length, index) => Buffer.alloc(length, 65 + index));
  const bytes = Buffer.concat(bodies.flatMap((body) => [Buffer.from(`MSG s 1 ${body.length}\r\n`), body, Buffer.from('\r\n')]));
  return { bodies, bytes };
}

test('messages are read as they were sent, however they are cut, at each connection', () => {
  fc.assert(
    fc.property(sizes, cuts, fc.boolean(), (lengths, pieces, isLater) => {
      const { bodies, parse, reconnect } = reading();
      const sent = messagesOf(lengths);
      parse(Buffer.from('MSG s 1 30\r\nbroken off by the end of the conn').subarray(0, isLater ? 20 : 0));
      if (isLater) reconnect();
      for (const piece of piecesOf(sent.bytes, pieces)) parse(piece);
      expect(bodies.map((body) => Buffer.from(body))).toEqual(sent.bodies);
    }),
  );
});

test('the body of a long message has memory of its own, and leaves none behind', () => {
  const { bodies, parse } = reading();
  const { bytes } = messagesOf([3, 100_000, 3]);
  const pieces = [...piecesOf(bytes, [16_384])];
  for (const piece of pieces) parse(piece);
  expect(bodies.map(({ length }) => length)).toEqual([3, 100_000, 3]);
  expect(bodies[1]?.buffer.byteLength).toBe(100_000);
  // The first and the last hold other messages as well.
  expect(pieces.map(({ length }) => length > 0)).toEqual([true, false, false, false, false, false, true]);
  giveBack(bodies[1] as Uint8Array);
  expect(Buffer.from(bodies[0] as Uint8Array).toString()).toBe('AAA');
});

const greeting = `INFO ${JSON.stringify({ server_id: 'S', version: '2.11.0', proto: 1, headers: true, max_payload: 1e9 })}\r\n`;

/** What a server answers that has one long message for each who subscribes. */
function answersTo(asked: string): Buffer {
  const [, id] = /SUB long (\d+)/.exec(asked) ?? [];
  return Buffer.concat([
    Buffer.from(asked.includes('PING') ? 'PONG\r\n' : ''),
    ...(id ? [Buffer.from(`MSG long ${id} 500000\r\n`), Buffer.alloc(500_000, 65), Buffer.from('\r\n')] : []),
  ]);
}

test('a bus reads long messages so, at its first connection to a server and at the next', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).on('data', (bytes) => socket.write(answersTo(bytes.toString())));
    socket.write(greeting);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bus = await Bus.connect({ servers: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`, name: 'long' });
  const bodies: Uint8Array[] = [];
  bus.subscribe('long', ({ data }) => bodies.push(data));
  await eventually(() => expect(bodies).toHaveLength(1));
  sockets.at(-1)?.destroy();
  await eventually(() => expect(bodies).toHaveLength(2));
  expect(bodies.map(({ length, buffer }) => [length, buffer.byteLength])).toEqual([
    [500_000, 500_000],
    [500_000, 500_000],
  ]);
  await bus.close();
  server.close();
});
