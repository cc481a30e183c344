import { limits, type RetryCondition } from '@kintsugi/contracts';
import { failureOf, type StoredErrorRecord } from '../../records/domain/error-record.js';
import { failedCondition } from '../../policies/domain/retry-conditions.js';
import type { RecordPhase } from '../../records/domain/record-lifecycle.js';

export interface RecoveryTerms {
  force: boolean;
  /** Conditions of the error type that must hold; empty when they are not asked again. */
  conditions: readonly RetryCondition[];
  jobCancelled: boolean;
}

/** The fields of a record that decide whether a person may bring its task back. */
export type RecoverableRecord = Pick<
  StoredErrorRecord,
  '_id' | 'phase' | 'error_type' | 'error_message' | 'attempt' | 'job_id' | 'job_type' | 'task_id' | 'timestamp'
> &
  Pick<StoredErrorRecord, 'tenant' | 'stack_trace' | 'failures' | 'told' | 'labels'>;

/** What of a record says what has become of its recovery. */
export type RecordStanding = Pick<StoredErrorRecord, '_id' | 'phase' | 'attempt' | 'error_type' | 'manual_recovery_id'>;

const never: Partial<Record<RecordPhase, string>> = {
  recovered: 'it has already recovered',
  cancelled: 'its job was cancelled, or no longer exists',
  reported: 'its job is run by its producer; retryJob asks for another try',
};

const onlyByForce: Partial<Record<RecordPhase, string>> = {
  deferred: 'a retry is already scheduled; force runs it now',
  retrying: 'a retry is under way; force orders it again',
  requeued: 'a manual recovery is under way; force orders it again',
  outcome_unknown: 'its outcome is unknown and it may have taken effect; force runs it again all the same',
};

const tooOften = `it has been run ${limits.runsToldApart} times, as often as a task may be; retryJob makes a new job of its job`;

/** Phases from which a person may bring a task back under the given terms. */
export function recoverablePhases(force: boolean): RecordPhase[] {
  const free: RecordPhase[] = ['discarded', 'quarantined'];
  return force ? [...free, ...(Object.keys(onlyByForce) as RecordPhase[])] : free;
}

/** Why a person's request to run a task again is refused, or null when it is granted. */
export function recoveryRefusal(record: RecoverableRecord, { force, conditions, jobCancelled }: RecoveryTerms): string | null {
  const refusal =
    never[record.phase] ?? (jobCancelled ? never.cancelled : undefined) ?? (force ? undefined : onlyByForce[record.phase]);
  if (refusal !== undefined) return refusal;
  // The next one could not be told from this: its failure would be taken for this one, and the order go out again, for ever.
  if (record.attempt >= limits.runsToldApart) return tooOften;
  const failed = failedCondition(conditions, failureOf(record));
  return failed ? `the retry condition ${failed.field} ${failed.operator} does not hold; ignore_conditions skips it` : null;
}
