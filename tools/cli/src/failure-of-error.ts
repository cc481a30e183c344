import type { ProblemError } from '@kintsugi/contracts';
import { Failure } from './failure.js';

/** The failure that an error amounts to. Problems are told by their name, so that the contracts need not be loaded. */
export function failureOfError(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (isProblemError(error)) {
    const problem = error.toProblem();
    const again = problem.retryable ? { advice: 'The same request may succeed later.' } : {};
    return new Failure(problem.code, problem.detail, { problem, ...again });
  }
  return new Failure('FAULT', error instanceof Error ? error.message : String(error), {
    advice: 'This should not happen. Please report it with the command that you ran.',
  });
}

function isProblemError(error: unknown): error is ProblemError {
  return error instanceof Error && error.name === 'ProblemError' && 'toProblem' in error;
}
