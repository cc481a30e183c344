import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { after, guarded } from '@kintsugi/boundary';
import { ProblemError, shown } from '@kintsugi/contracts';
import { problemAnswer } from './problem-answer.js';
import { requestIdHeader, requestIdOf } from './request-id.js';

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
    const requestId = requestIdOf({ headers: {} });
    const { status, headers, body } = problemAnswer(problemOf(error), requestId);
    const lines = Object.entries({
      ...headers,
      [requestIdHeader]: requestId,
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
    }).map(([name, value]) => `${name}: ${value}`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
    // A socket closed with unread bytes takes the answer back, so the peer gets a moment to read it.
    after('connection-faults.close', closeDelayMs, () => socket.destroy()).unref();
  }
}

/** An `Expect` other than 100-continue, which Node would refuse in its own words. */
function refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
  const requestId = requestIdOf(request);
  const expected = shown(request.headers.expect);
  const problem = new ProblemError('HEADER_INVALID', `header.expect: got ${expected}, allowed: 100-continue.`, {
    errors: [{ path: 'header.expect', rule: 'VALUE', got: expected, allowed: '100-continue' }],
  });
  const { status, headers, body } = problemAnswer(problem, requestId);
  const length = String(Buffer.byteLength(body));
  response
    .writeHead(status, { ...headers, [requestIdHeader]: requestId, 'content-length': length, connection: 'close' })
    .end(body);
}

function problemOf({ code }: ConnectionError): ProblemError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ProblemError('HEADERS_TOO_LARGE', 'The headers are larger than 16 KiB together.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ProblemError('REQUEST_TIMEOUT', 'The request did not arrive in time. Send it again.');
    case 'HPE_INVALID_EOF_STATE':
      return new ProblemError('BODY_TRUNCATED', 'The connection ended before the request was complete. Nothing was accepted.');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new ProblemError('BODY_TOO_LARGE', 'The chunk extensions of the body are too large. Nothing was accepted.');
    default:
      return new ProblemError('REQUEST_INVALID', 'This is not a valid HTTP request. Nothing was accepted.');
  }
}
