import { ProblemError, shown } from '@kintsugi/contracts';
import type { GroupPlace } from '../failure-groups.js';

/** The text that stands for a place in a list of groups; opaque to callers. */
export function encodeGroupCursor({ last_seen, id }: GroupPlace): string {
  return Buffer.from(JSON.stringify({ last_seen, id })).toString('base64url');
}

export function decodeGroupCursor(cursor: string): GroupPlace {
  const place = placeIn(cursor);
  if (place) return place;
  throw new ProblemError(
    'CURSOR_INVALID',
    'The cursor is none that a page of groups gave. Leave it out to begin with the latest.',
    {
      errors: [{ path: 'data.cursor', rule: 'FORMAT', got: shown(cursor), allowed: 'next_cursor of the page before' }],
    },
  );
}

function placeIn(cursor: string): GroupPlace | null {
  try {
    const { last_seen, id } = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as Partial<
      Record<keyof GroupPlace, unknown>
    >;
    return typeof last_seen === 'string' && typeof id === 'string' ? { last_seen, id } : null;
  } catch {
    return null;
  }
}
