import { ProblemError, shown } from '@kintsugi/contracts';
import { placeOfEventId, type EventPlace } from '../domain/event-id.js';

/** The place that a client which comes back names in `Last-Event-ID`. */
export function lastSeenOf(header: string | string[] | undefined): EventPlace | null {
  if (header === undefined || header === '') return null;
  const place = typeof header === 'string' ? placeOfEventId(header) : null;
  if (place) return place;
  const allowed = 'the id of an event, such as 42-1767225600000';
  throw new ProblemError('HEADER_INVALID', `header.last-event-id: got ${shown(header)}, allowed: ${allowed}.`, {
    errors: [{ path: 'header.last-event-id', rule: 'FORMAT', got: shown(header), allowed }],
  });
}
