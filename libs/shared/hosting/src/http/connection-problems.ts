import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import { ProblemError, shown } from '@kintsugi/contracts';
import { problemAnswer } from './problem-answer.js';
import { requestIdHeader, requestIdOf } from './request-id.js';

/** Bytes that the headers of a request may have together, at every port. */
export const headerBytesMax = 16 * 1024;

/** The problem that a fault below HTTP amounts to, where no request exists yet or its body is cut. */
export function problemOfConnection({ code }: Error & { code?: string }): ProblemError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ProblemError('HEADERS_TOO_LARGE', `The headers are larger than ${headerBytesMax / 1024} KiB together.`);
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

/** A problem as the whole text of an answer, for a socket on which Node has no response to write to. */
export function problemText(problem: ProblemError): string {
  const requestId = requestIdOf({ headers: {} });
  const { status, headers, body } = problemAnswer(problem, requestId);
  const lines = Object.entries({
    ...headers,
    [requestIdHeader]: requestId,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** Answers an `Expect` other than 100-continue, which Node would refuse in its own words. */
export function refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
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
