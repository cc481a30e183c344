import type { Document } from 'mongodb';
import { openResults, recoveryAttemptsMax, recoveryMethods, type RecoveryAttempt } from '../domain/recovery-attempt.js';

/** The attempts of a record, for an update that changes many records alike; the same as in recovery-attempt. */
const storedAttempts = '$recovery_attempts';

/** The attempts with those that have one of the given results moved on to another. */
export function attemptsMoved(from: readonly string[], result: string, attempts: string | Document = storedAttempts): Document {
  const moved = { $cond: [{ $in: ['$$this.result', [...from]] }, { $mergeObjects: ['$$this', { result }] }, '$$this'] };
  return { $map: { input: attempts, as: 'this', in: moved } };
}

/** The attempts with those under way ended by a result. */
function attemptsClosed(result: string): Document {
  return attemptsMoved(openResults, result);
}

export function attemptsWith(attempt: RecoveryAttempt, attempts: string | Document = storedAttempts): Document {
  return { $slice: [{ $concatArrays: [attempts, [attempt]] }, -recoveryAttemptsMax] };
}

/** Whether an attempt is under way. */
const hasOpenAttempt: Document = {
  $gt: [{ $size: { $setIntersection: [[...openResults], '$recovery_attempts.result'] } }, 0],
};

/** The attempts of a task that will not be tried again: the one under way has ended so, or else one more is noted that has. */
export function attemptsEnded(result: string, now: string): Document {
  const noted = attemptsWith({ timestamp: now, method: recoveryMethods.retry, result });
  return { $cond: [hasOpenAttempt, attemptsClosed(result), noted] };
}

export const nextVersion: Document = { $add: ['$version', 1] };
