import type { Output } from './output.js';

/** Told below a list that does not end here. A cursor is longer than a line, and for programs. */
export const moreLine = 'There are more: raise --limit (to 200), or page with --json and --cursor.';

/** That line, where there is a next page. */
export function moreLines(nextCursor: string | null, paint: Output['paint']): string[] {
  return nextCursor === null ? [] : [paint.dim(moreLine)];
}
