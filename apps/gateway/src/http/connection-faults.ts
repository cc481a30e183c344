import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { after, guarded } from '@kintsugi/boundary';
import { problemOfConnection, problemText, refuseExpectation } from '@kintsugi/hosting';

type ConnectionError = Error & { code?: string };

const closeDelayMs = 1_000;

/**
 * Answers what breaks below HTTP, where no request exists yet or its body is cut. Such an answer is written to the socket
 * itself, in its turn: never into the middle of another one, and not before the answer to an earlier request.
 */
export class ConnectionFaults {
  private readonly running = new WeakMap<Socket, IncomingMessage>();
  private readonly answering = new WeakSet<Socket>();
  private readonly waiting = new WeakMap<Socket, ConnectionError>();

  /** Has to know which sockets are busy. */
  watch(instance: FastifyInstance): void {
    instance.server.on('checkExpectation', guarded('connection-faults.expectation', refuseExpectation));
    // Without a promise: it must be known before the next bytes of the same packet are parsed.
    instance.addHook('onRequest', ({ raw }, _reply, done) => {
      this.running.set(raw.socket, raw);
      done();
    });
    instance.addHook('onSend', async ({ raw }) => {
      this.answering.add(raw.socket);
    });
    instance.addHook('onResponse', async ({ raw: { socket } }) => {
      this.running.delete(socket);
      this.answering.delete(socket);
      const error = this.waiting.get(socket);
      if (error) this.answer(error, socket);
    });
  }

  readonly handle = guarded('connection-faults', (error: ConnectionError, socket: Socket): void => {
    // The fault is of the body that is being read, or of what follows a request that was complete.
    const follows = this.running.get(socket)?.complete ?? false;
    if (follows) this.waiting.set(socket, error);
    else if (this.answering.has(socket) || error.code === 'ECONNRESET') socket.destroy();
    else this.answer(error, socket);
  });

  private answer(error: ConnectionError, socket: Socket): void {
    this.answering.add(socket);
    if (socket.destroyed || !socket.writable) {
      socket.destroy();
      return;
    }
    socket.end(problemText(problemOfConnection(error)));
    // A socket closed with unread bytes takes the answer back, so the peer gets a moment to read it.
    after('connection-faults.close', closeDelayMs, () => socket.destroy()).unref();
  }
}
