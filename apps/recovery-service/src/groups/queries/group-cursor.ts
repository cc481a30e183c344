import { decodePlace, encodePlace } from '../../records/queries/place-cursor.js';
import type { GroupPlace } from '../failure-groups.js';

const noCursor = 'The cursor is none that a page of groups gave. Leave it out to begin with the latest.';

/** The text that stands for a place in a list of groups; opaque to callers. */
export function encodeGroupCursor({ last_seen, id }: GroupPlace): string {
  return encodePlace(last_seen, id);
}

export function decodeGroupCursor(cursor: string): GroupPlace {
  const [last_seen, id] = decodePlace(cursor, noCursor);
  return { last_seen, id };
}
