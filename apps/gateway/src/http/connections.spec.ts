import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Connections } from './connections.js';

const stallTimeoutMs = 30_000;
const lookMs = 1_000;

let connections: Connections;

beforeEach(() => {
  jest.useFakeTimers();
  connections = new Connections();
});

afterEach(() => {
  connections.endWatch();
  jest.useRealTimers();
});

/** A connection on which an answer of so many bytes is one write. */
function answered(bytes: number) {
  const server = new EventEmitter();
  connections.watch(server as unknown as Parameters<Connections['watch']>[0], stallTimeoutMs);
  const handle = { writeQueueSize: bytes };
  const destroy = jest.fn();
  const socket = Object.assign(new EventEmitter(), { bytesWritten: bytes, writableLength: bytes, _handle: handle, destroy });
  server.emit('connection', socket);
  return { socket, handle, destroy };
}

test('a client that takes nothing of a large answer is cut', () => {
  const { destroy } = answered(8_000_000);
  jest.advanceTimersByTime(stallTimeoutMs - lookMs);
  expect(destroy).not.toHaveBeenCalled();
  jest.advanceTimersByTime(4 * lookMs);
  expect(destroy).toHaveBeenCalled();
});

test('a client that takes a large answer slowly is not', () => {
  const { socket, handle, destroy } = answered(8_000_000);
  for (; handle.writeQueueSize > 0; handle.writeQueueSize -= 100_000) jest.advanceTimersByTime(10 * lookMs);
  socket.writableLength = 0;
  jest.advanceTimersByTime(10 * stallTimeoutMs);
  expect(destroy).not.toHaveBeenCalled();
});
