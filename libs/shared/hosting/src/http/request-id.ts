import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Answers carry it, logs and problems name it, services are told it. */
export const requestIdHeader = 'x-request-id';

/** A caller's own id when it is harmless in a log and a header, else a new one. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers[requestIdHeader];
  return typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID();
}
