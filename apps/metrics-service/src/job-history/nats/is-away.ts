import { ProblemError, type ProblemCode } from '@kintsugi/contracts';

const awayCodes: readonly ProblemCode[] = ['SERVICE_UNAVAILABLE', 'STORE_UNAVAILABLE', 'OVERLOADED'];

/** Nobody answers, or nobody can: then the history is better than no answer. A fault is told as one and not hidden behind it. */
export function isAway(error: unknown): boolean {
  return error instanceof ProblemError && awayCodes.includes(error.code);
}
