import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { after, every, guarded } from '@kintsugi/boundary';
import { problemOfConnection, problemText, refuseExpectation } from '@kintsugi/hosting';
import type { Exchange } from './exchange.js';

type ConnectionError = Error & { code?: string };

interface Connection {
  /** Those under way, in the order in which they came. */
  exchanges: Exchange[];
  /** What broke it behind a request that was complete: told once that one has been answered. */
  fault: ConnectionError | null;
  isRefused: boolean;
  /** Bytes of writes that were through at the last look, and of the one under way those that were not. */
  taken: number;
  left: number;
  /** Since when the client has taken no more of what waits for it. */
  stalledSince: number | null;
}

const closeDelayMs = 1_000;
const stalledLookMs = 1_000;

/**
 * The connections of this door, and what is under way on each. It answers what breaks below HTTP, where no request exists yet or its
 * body is cut: such an answer is written to the socket itself, in its turn, never into the middle of another one, and not before the
 * answer to an earlier request.
 */
export class Connections {
  private readonly open = new Map<Socket, Connection>();
  private watching: NodeJS.Timeout | null = null;

  /** @param stallTimeoutMs for how long an answer may wait for a client that takes nothing of it */
  watch(server: Server, stallTimeoutMs: number): void {
    server.on(
      'connection',
      guarded('connections', (socket: Socket) => {
        this.open.set(socket, { exchanges: [], fault: null, isRefused: false, taken: 0, left: 0, stalledSince: null });
        socket.once(
          'close',
          guarded('connections.close', () => this.open.delete(socket)),
        );
      }),
    );
    server.on('checkExpectation', guarded('connections.expectation', refuseExpectation));
    // Not by a timer of the socket: whoever takes nothing may send on, bit by bit, which would begin its time anew.
    const everyMs = Math.min(stalledLookMs, stallTimeoutMs);
    this.watching = every('connections.stalled', everyMs, () => this.cutStalled(performance.now(), stallTimeoutMs)).unref();
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

  /** The server is closed, with all of them. */
  endWatch(): void {
    if (this.watching) clearInterval(this.watching);
  }

  private cutStalled(now: number, stallTimeoutMs: number): void {
    for (const [socket, connection] of this.open) {
      const taken = socket.bytesWritten - socket.writableLength;
      const left = leftOf(socket);
      const isStalled = socket.writableLength > 0 && taken === connection.taken && left === connection.left;
      Object.assign(connection, { taken, left });
      connection.stalledSince = isStalled ? (connection.stalledSince ?? now) : null;
      if (connection.stalledSince !== null && now - connection.stalledSince >= stallTimeoutMs) socket.destroy();
    }
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

/**
 * What the system has not taken yet of the write under way. A large answer is one write, and a slow client takes minutes for it, while
 * which only the handle tells that it goes on: Node looks there as well before it lets a socket time out.
 */
function leftOf(socket: Socket): number {
  return (socket as Socket & { _handle?: { writeQueueSize?: number } | null })._handle?.writeQueueSize ?? 0;
}
