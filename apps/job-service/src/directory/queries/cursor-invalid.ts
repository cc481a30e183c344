import { ProblemError } from '@kintsugi/contracts';

export function cursorInvalid(cursor: string): ProblemError {
  return new ProblemError('CURSOR_INVALID', 'This cursor is not one of this list. Begin without a cursor.', {
    errors: [{ path: 'data.cursor', rule: 'FORMAT', got: cursor.slice(0, 100), allowed: 'next_cursor of the page before' }],
  });
}
