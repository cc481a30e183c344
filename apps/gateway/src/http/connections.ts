import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { after, guarded } from '@kintsugi/boundary';
import { problemOfConnection, problemText, refuseExpectation } from '@kintsugi/hosting';
import type { Exchange } from './exchange.js';

type ConnectionError = Error & { code?: string };

interface Connection {
  /** Those under way, in the order in which they came. */
  exchanges: Exchange[];
  /** What broke it behind a request that was complete: told once that one has been answered. */
  fault: ConnectionError | null;
  isRefused: boolean;
}

const closeDelayMs = 1_000;

/**
 * The connections of this door, and what is under way on each. It answers what breaks below HTTP, where no request exists yet or its
 * body is cut: such an answer is written to the socket itself, in its turn, never into the middle of another one, and not before the
 * answer to an earlier request.
 */
export class Connections {
  private readonly open = new Map<Socket, Connection>();

  /** @param stallTimeoutMs for how long an answer may wait for a client that takes nothing of it */
  watch(server: Server, stallTimeoutMs: number): void {
    server.on(
      'connection',
      guarded('connections', (socket: Socket) => {
        this.open.set(socket, { exchanges: [], fault: null, isRefused: false });
        socket.once(
          'close',
          guarded('connections.close', () => this.open.delete(socket)),
        );
      }),
    );
    server.on('checkExpectation', guarded('connections.expectation', refuseExpectation));
    server.setTimeout(
      stallTimeoutMs,
      guarded('connections.timeout', (socket: Socket) => this.handleSilence(socket)),
    );
  }

  /** Nothing has come or gone for a while. Where nothing waits for the client, it is whoever answers that takes his time. */
  private handleSilence(socket: Socket): void {
    const exchanges = this.open.get(socket)?.exchanges ?? [];
    if (exchanges.length === 0 || socket.writableLength > 0) socket.destroy();
  }

  begin(exchange: Exchange): void {
    this.open.get(exchange.request.socket)?.exchanges.push(exchange);
  }

  end(exchange: Exchange): void {
    const { socket } = exchange.request;
    const connection = this.open.get(socket);
    if (!connection) return;
    const { exchanges, fault } = connection;
    const place = exchanges.indexOf(exchange);
    if (place >= 0) exchanges.splice(place, 1);
    if (fault && exchanges.length === 0) this.refuse(fault, socket, connection);
  }

  /** Closes each connection behind the answer to what is under way on it. */
  keepNone(): void {
    for (const { exchanges } of this.open.values()) for (const { response } of exchanges) response.shouldKeepAlive = false;
  }

  /** Closes those without a request under way; Node leaves a connection open on which none has ever come. */
  closeIdle(): void {
    for (const [socket, { exchanges }] of this.open) if (exchanges.length === 0) socket.destroySoon();
  }

  closeAll(): void {
    for (const socket of this.open.keys()) socket.destroy();
  }

  readonly handleFault = guarded('connections.fault', (error: ConnectionError, socket: Socket): void => {
    const connection = this.open.get(socket);
    const exchanges = connection?.exchanges ?? [];
    // The fault is of the body that is being read, or of what follows a request that was complete.
    if (connection && exchanges.at(-1)?.request.complete) connection.fault = error;
    else if (connection?.isRefused || exchanges.some(({ response }) => response.headersSent) || error.code === 'ECONNRESET') {
      socket.destroy();
    } else this.refuse(error, socket, connection);
  });

  private refuse(error: ConnectionError, socket: Socket, connection: Connection | undefined): void {
    if (connection) connection.isRefused = true;
    if (socket.destroyed || !socket.writable) {
      socket.destroy();
      return;
    }
    socket.end(problemText(problemOfConnection(error)));
    // A socket closed with unread bytes takes the answer back, so the peer gets a moment to read it.
    after('connections.refused', closeDelayMs, () => socket.destroy()).unref();
  }
}
