import { DEFAULT_TENANT, errorRecordIdOf, limits, withoutGaps, type RunFacts } from '@kintsugi/contracts';
import type { Decision } from '../../policies/domain/retry-decision.js';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import { unclearEndOf, type Failure } from '../../records/domain/failure.js';
import { addAttempt, closeAttempts, recoveryMethods } from '../../records/domain/recovery-attempt.js';
import { phaseAfter, type RecordMove } from '../../records/domain/record-lifecycle.js';

/**
 * How a failure stands to the record of its task: `newer` has to be recorded, `repeat` was recorded already and its
 * command may have been lost, `late` is about a run that the task has left behind.
 */
export type Novelty = 'newer' | 'repeat' | 'late';

export function noveltyOf(record: Pick<StoredErrorRecord, 'attempt' | 'phase'> | null, failure: Failure): Novelty {
  if (!record || failure.attempt > record.attempt) return 'newer';
  if (failure.attempt < record.attempt) return 'late';
  // A worker that was taken for lost reports after all: now the end of that run is known.
  const cleared = record.phase === 'outcome_unknown' && unclearEndOf(failure) === null;
  return cleared ? 'newer' : 'repeat';
}

/** The label of a job that says what its tasks depend on, unless their handler says it of a failure. */
const dependencyLabel = 'dependency';

/** Failed runs that a record keeps; the oldest go first. */
const failedRunsMax = 100;

export interface RecordingTimes {
  now: number;
  /** When the command goes out again unless something newer is heard. */
  resendAt: number;
}

/** The record after a newer failure of its task and the decision about it; the first one begins it. */
export function recordFailure(
  previous: StoredErrorRecord | null,
  failure: Failure,
  { group_id, group_title }: Pick<StoredErrorRecord, 'group_id' | 'group_title'>,
  decision: Decision,
  { now, resendAt }: RecordingTimes,
): StoredErrorRecord {
  const timestamp = new Date(now).toISOString();
  const attempts = closeAttempts(previous?.recovery_attempts ?? [], `failed: ${failure.error_type}`);
  const retried = decision.kind === 'retry';
  const atOnce = isAtOnce(decision, now);
  const uncounted = (previous?.uncounted_failures ?? 0) + (retried && decision.uncounted ? 1 : 0);
  const { attempt, error_type } = failure;
  const failed_at = timeOf(failure.failed_at) ?? timestamp;
  return {
    _id: errorRecordIdOf(failure.task_id),
    job_id: failure.job_id,
    task_id: failure.task_id,
    ...(failure.tenant === DEFAULT_TENANT ? {} : { tenant: failure.tenant }),
    job_type: failure.job_type,
    error_type,
    error_message: cut(failure.error_message, limits.errorMessageLength),
    ...(failure.stack_trace === undefined ? {} : { stack_trace: cut(failure.stack_trace, limits.stackLength) }),
    timestamp: failed_at,
    retry_count: (previous?.retry_count ?? 0) + (atOnce ? 1 : 0),
    recovery_attempts: retried
      ? addAttempt(attempts, { timestamp, method: recoveryMethods.retry, result: atOnce ? 'started' : 'scheduled' })
      : attempts,
    failed_runs: [
      ...(previous?.failed_runs ?? []).filter((run) => run.attempt !== attempt),
      {
        ...{ attempt, failed_at, error_type, retry_delay_ms: retried ? decision.notBefore - now : null, group_id },
        ...runFactsOf(failure),
        ...(retried && decision.uncounted ? { uncounted: true as const } : {}),
      },
    ].slice(-failedRunsMax),
    ...{ group_id, group_title },
    decision: decision.why,
    next_retry_at: retried && !atOnce ? new Date(decision.notBefore).toISOString() : null,
    ...phaseAfter(moveOf(decision, atOnce)),
    attempt,
    failures: failure.failures,
    forgiven_failures: previous?.forgiven_failures ?? 0,
    ...(uncounted > 0 ? { uncounted_failures: uncounted } : {}),
    ...toldOf(failure),
    ...(decision.kind === 'discard' && decision.failsJob ? { fails_job: true as const } : {}),
    resend_at: decision.kind === 'wait_for_person' ? null : new Date(resendAt).toISOString(),
    resends: 0,
    manual_recovery_id: null,
    version: (previous?.version ?? 0) + 1,
  };
}

/** What a record keeps of each run, so that it can be told by host, version and dependency what fails and what helps. */
function runFactsOf({ took_ms, worker, host, version, dependency, labels }: Failure): RunFacts {
  return withoutGaps({ took_ms, worker, host, version, dependency: dependency ?? labels?.[dependencyLabel] });
}

/** What decisions ask for beside the error itself. Most of it says nothing of most failures, and is left out then. */
function toldOf({
  safety,
  non_retryable,
  retry_after_ms,
  retry_config,
  deadline_at,
  labels,
}: Failure): Pick<StoredErrorRecord, 'told' | 'labels'> {
  const told = {
    ...(safety === 'idempotent' ? {} : { safety }),
    ...(non_retryable ? { non_retryable } : {}),
    ...(retry_after_ms === null ? {} : { retry_after_ms }),
    ...(retry_config === null ? {} : { retry_config }),
    ...(deadline_at === undefined ? {} : { deadline_at }),
  };
  return {
    ...(Object.keys(told).length === 0 ? {} : { told }),
    ...(labels === undefined || Object.keys(labels).length === 0 ? {} : { labels }),
  };
}

/** Whether a retry has no wait: then it is ordered with the decision, and no timer is set. */
function isAtOnce(decision: Decision, now: number): boolean {
  return decision.kind === 'retry' && decision.notBefore <= now;
}

function moveOf(decision: Decision, atOnce: boolean): RecordMove {
  if (decision.kind === 'retry') return atOnce ? 'retry' : 'defer';
  if (decision.kind === 'discard') return 'discard';
  if (decision.kind === 'quarantine') return 'quarantine';
  return decision.state === 'quarantined' ? 'quarantine' : 'doubt';
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).toWellFormed();
}

function timeOf(text: string): string | null {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
