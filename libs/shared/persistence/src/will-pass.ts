import { ProblemError } from '@kintsugi/contracts';
import { isUnreachable } from './ensure-indexes.js';

/** Whether a failure says that something is away or busy, so that the same will succeed once it is back. */
export function willPass(error: unknown): boolean {
  if (error instanceof ProblemError) return error.code !== 'INTERNAL' && error.retryable;
  return isUnreachable(error);
}
