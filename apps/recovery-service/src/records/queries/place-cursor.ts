import { ProblemError, shown } from '@kintsugi/contracts';

/** The text that stands for a place in a list that is in order of a time, by id where many have one; opaque to callers. */
export function encodePlace(time: string, id: string): string {
  return Buffer.from(JSON.stringify([time, id])).toString('base64url');
}

/** @param detail what is said of a cursor that is none, and what to do */
export function decodePlace(cursor: string, detail: string): [time: string, id: string] {
  const [time, id, ...rest] = partsOf(cursor);
  if (typeof time === 'string' && typeof id === 'string' && rest.length === 0) return [time, id];
  throw new ProblemError('CURSOR_INVALID', detail, {
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
