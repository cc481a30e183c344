import { ProblemError, shown } from '@kintsugi/contracts';
import type { ErrorRecordPlace } from '../error-record-search.js';

/** The text that stands for a place in a list of error records; opaque to callers. */
export function encodeCursor({ timestamp, id }: ErrorRecordPlace): string {
  return Buffer.from(JSON.stringify([timestamp, id])).toString('base64url');
}

export function decodeCursor(cursor: string): ErrorRecordPlace {
  const [timestamp, id, ...rest] = partsOf(cursor);
  if (typeof timestamp === 'string' && typeof id === 'string' && rest.length === 0) return { timestamp, id };
  throw new ProblemError('CURSOR_INVALID', 'The cursor is none that a page gave. Leave it out to begin with the newest record.', {
    errors: [{ path: 'data.cursor', rule: 'FORMAT', got: shown(cursor), allowed: 'next_cursor of the page before' }],
  });
}

function partsOf(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
