import type { ProblemCode, ProblemError } from '@kintsugi/contracts';
import { KeyError, PlatformStartError } from '@kintsugi/supervisor';
import { exitCodes } from './exit-codes.js';
import { Failure } from './failure.js';

/** Problems of a platform that is down, as a whole or in part. */
const notThere: ProblemCode[] = ['SERVICE_UNAVAILABLE', 'STORE_UNAVAILABLE'];

/** The failure that an error amounts to. Problems are told by their name, so that the contracts need not be loaded. */
export function failureOfError(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (isProblemError(error)) {
    const problem = error.toProblem();
    if (notThere.includes(problem.code)) {
      const advice = './kintsugi status shows what runs here, ./kintsugi up starts it.';
      return new Failure(problem.code, problem.detail, { problem, advice, exitCode: exitCodes.unavailable });
    }
    const again = problem.retryable ? { advice: 'The same request may succeed later.' } : {};
    return new Failure(problem.code, problem.detail, { problem, ...again });
  }
  if (error instanceof PlatformStartError) {
    const code = error.kind === 'settings' ? 'SETTINGS' : 'UNAVAILABLE';
    return new Failure(code, error.message, { advice: error.advice, log: error.log });
  }
  if (error instanceof KeyError) return new Failure('KEY_REFUSED', error.message);
  return new Failure('FAULT', error instanceof Error ? error.message : String(error), {
    advice: 'This should not happen. Please report it with the command that you ran.',
  });
}

function isProblemError(error: unknown): error is ProblemError {
  return error instanceof Error && error.name === 'ProblemError' && 'toProblem' in error;
}
