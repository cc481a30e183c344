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
  return moveAttempts(attempts, openResults, result);
}

/** The attempts with those that have one of the given results moved on to another. */
export function moveAttempts(attempts: readonly RecoveryAttempt[], from: readonly string[], result: string): RecoveryAttempt[] {
  return attempts.map((attempt) => (from.includes(attempt.result) ? { ...attempt, result } : attempt));
}

/** The attempts of a task that will not be tried again: the one under way has ended so, or else one more is noted that has. */
export function endAttempts(attempts: readonly RecoveryAttempt[], result: string, now: string): RecoveryAttempt[] {
  if (attempts.some(isOpen)) return closeAttempts(attempts, result);
  return addAttempt(attempts, { timestamp: now, method: recoveryMethods.retry, result });
}

/** The attempt that a person has asked for, whose request tells by whom, and with which params. */
export function startedAttempt(recoveryId: string, now: string): RecoveryAttempt {
  return { timestamp: now, method: recoveryMethods.person, result: 'started', recovery_id: recoveryId };
}

/** The attempts with one more, the oldest dropped when there are too many. */
export function addAttempt(attempts: readonly RecoveryAttempt[], attempt: RecoveryAttempt): RecoveryAttempt[] {
  return [...attempts, attempt].slice(-recoveryAttemptsMax);
}
