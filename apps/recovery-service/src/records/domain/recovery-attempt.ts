import type { ErrorRecord } from '@kintsugi/contracts';

export type RecoveryAttempt = ErrorRecord['recovery_attempts'][number];

/** Who brought a task back, or tried to. */
export const recoveryMethods = {
  retry: 'automatic_retry',
  person: 'manual_recover',
  /** Nobody: a worker that was taken for lost reported its success after all. */
  none: 'late_report',
} as const;

/** Results of an attempt that is still under way; each becomes one of the others. */
export const openResults = ['scheduled', 'started'] as const;

/** Attempts that a record keeps; the oldest go first. */
export const recoveryAttemptsMax = 100;

function isOpen({ result }: RecoveryAttempt): boolean {
  return (openResults as readonly string[]).includes(result);
}

/** To whom a success is due: the attempt under way. */
export function recoveryMethodOf(attempts: readonly RecoveryAttempt[]): string {
  return attempts.findLast(isOpen)?.method ?? recoveryMethods.none;
}

/** The attempts with those under way ended by a result. */
export function closeAttempts(attempts: readonly RecoveryAttempt[], result: string): RecoveryAttempt[] {
  return attempts.map((attempt) => (isOpen(attempt) ? { ...attempt, result } : attempt));
}

/** The attempts with one more, the oldest dropped when there are too many. */
export function addAttempt(attempts: readonly RecoveryAttempt[], attempt: RecoveryAttempt): RecoveryAttempt[] {
  return [...attempts, attempt].slice(-recoveryAttemptsMax);
}
