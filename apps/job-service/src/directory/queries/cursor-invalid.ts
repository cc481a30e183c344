import { ProblemError } from '@kintsugi/contracts';

export function cursorInvalid(cursor: string, rule: 'FORMAT' | 'CURSOR_OF_OTHER_ORDER' = 'FORMAT'): ProblemError {
  const why = rule === 'FORMAT' ? 'is not one of this list' : 'is one of this list in the other order';
  return new ProblemError('CURSOR_INVALID', `This cursor ${why}. Begin without a cursor.`, {
    errors: [{ path: 'data.cursor', rule, got: cursor.slice(0, 100), allowed: 'next_cursor of the page before' }],
  });
}
