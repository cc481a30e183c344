import { ProblemError } from '@kintsugi/contracts';

/** A field of the request that makes no sense with the others. */
export function refused(field: string, got: string, allowed: string): ProblemError {
  const path = `data.${field}`;
  return new ProblemError('VALIDATION_FAILED', `${path}: got ${got}; allowed is ${allowed}.`, {
    errors: [{ path, rule: 'VALUE', got, allowed }],
  });
}
