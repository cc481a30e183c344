import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { ProblemError } from '@kintsugi/contracts';
import { problemAnswer } from './problem-answer.js';
import { requestIdHeader, requestIdOf } from './request-id.js';

type ConnectionError = Error & { code?: string };

const closeDelayMs = 1_000;

/**
 * Answers what breaks below HTTP, where no request exists yet or its body is cut: such an answer is written to the socket
 * itself, but never into the middle of another one.
 */
export class ConnectionFaults {
  private readonly answering = new WeakSet<Socket>();

  /** Has to know which sockets an answer is being written to. */
  watch(instance: FastifyInstance): void {
    instance.addHook('onRequest', async (request) => {
      this.answering.delete(request.raw.socket);
    });
    instance.addHook('onSend', async (request) => {
      this.answering.add(request.raw.socket);
    });
  }

  readonly handle = (error: ConnectionError, socket: Socket): void => {
    if (socket.destroyed || !socket.writable || error.code === 'ECONNRESET' || this.answering.has(socket)) {
      socket.destroy();
      return;
    }
    this.answering.add(socket);
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
    setTimeout(() => socket.destroy(), closeDelayMs).unref();
  };
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
