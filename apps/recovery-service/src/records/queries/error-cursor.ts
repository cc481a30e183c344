import type { ErrorRecordPlace } from '../error-record-search.js';
import { decodePlace, encodePlace } from './place-cursor.js';

const noCursor = 'The cursor is none that a page gave. Leave it out to begin with the newest record.';

/** The text that stands for a place in a list of error records; opaque to callers. */
export function encodeCursor({ timestamp, id }: ErrorRecordPlace): string {
  return encodePlace(timestamp, id);
}

export function decodeCursor(cursor: string): ErrorRecordPlace {
  const [timestamp, id] = decodePlace(cursor, noCursor);
  return { timestamp, id };
}
