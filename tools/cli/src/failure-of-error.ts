import type { ProblemCode, ProblemError } from '@kintsugi/contracts';
import { HomeFileError, PlatformStartError } from '@kintsugi/supervisor';
import { exitCodes } from './exit-codes.js';
import { Failure } from './failure.js';

/** Problems of a platform that is down, as a whole or in part. */
const notThere: ProblemCode[] = ['SERVICE_UNAVAILABLE', 'STORE_UNAVAILABLE', 'POOL_HOST_AWAY'];

/** What to do about a problem on this command line, where its own words speak to whoever calls the API. */
const adviceOf: Partial<Record<ProblemCode, string>> = {
  JSON_INVALID: 'Nothing was accepted. ./kintsugi submit --help shows what a file may hold.',
  ENCODING_INVALID: 'Nothing was accepted. Save the file as UTF-8 and submit it again.',
  JOB_NOT_FOUND: './kintsugi jobs lists those that there are.',
  ERROR_RECORD_NOT_FOUND: './kintsugi errors lists the groups, and with --group ID the records of one.',
  ERROR_GROUP_NOT_FOUND: './kintsugi errors lists the groups that there are.',
  UNAUTHENTICATED: 'Put a key into KINTSUGI_API_KEY; ./kintsugi keys create makes one.',
  FORBIDDEN: 'Use a key of a higher role: ./kintsugi keys create NAME --role operator, or admin, makes one.',
};

/** The failure that an error amounts to. Problems are told by their name, so that the contracts need not be loaded. */
export function failureOfError(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (isProblemError(error)) {
    const problem = error.toProblem();
    if (notThere.includes(problem.code)) {
      const advice = './kintsugi status shows what runs here, ./kintsugi up starts it.';
      return new Failure(problem.code, problem.detail, { problem, advice, exitCode: exitCodes.unavailable });
    }
    const advice = adviceOf[problem.code] ?? (problem.retryable ? 'The same request may succeed later.' : undefined);
    return new Failure(problem.code, problem.detail, { problem, ...(advice === undefined ? {} : { advice }) });
  }
  if (error instanceof PlatformStartError) {
    const code = error.kind === 'settings' ? 'SETTINGS' : 'UNAVAILABLE';
    return new Failure(code, error.message, { advice: error.advice, log: error.log });
  }
  if (error instanceof HomeFileError) return new Failure('FILE_UNREADABLE', error.message, { advice: error.advice });
  return new Failure('FAULT', error instanceof Error ? error.message : String(error), {
    advice: 'This should not happen. Please report it with the command that you ran.',
  });
}

function isProblemError(error: unknown): error is ProblemError {
  return error instanceof Error && error.name === 'ProblemError' && 'toProblem' in error;
}
