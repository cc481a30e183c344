import { DEFAULT_TENANT, type ErrorRecord, type FailedTask } from '@kintsugi/contracts';
import type { RecordPhase } from './record-lifecycle.js';

/**
 * An error record as it is stored: what the outside sees, and what recovery needs to go on. It holds its own timer
 * and the order it has yet to see carried out, so that one write makes record, decision and timer.
 */
export interface StoredErrorRecord
  extends Required<Pick<ErrorRecord, 'job_id'>>, Omit<ErrorRecord, 'id' | 'job_id' | 'task_id' | 'tenant' | 'verified_by'> {
  _id: string;
  /** Empty where a job as a whole is what failed. */
  task_id: string;
  /** Left out where it is the default. */
  tenant?: string;
  job_type: string;
  phase: RecordPhase;
  /** The run that failed last, counted from 1. Commands name it, so that a late one changes nothing. */
  attempt: number;
  /** Runs that have failed so far. */
  failures: number;
  /** How many of them a person's recovery has wiped from the count that policies look at. */
  forgiven_failures: number;
  /** How many since then rules have left out of the count; left out where it is none. */
  uncounted_failures?: number;
  /** What else was told of the failure, so that it can be decided about once more; each left out where it is nothing. */
  told?: Partial<Pick<FailedTask, 'safety' | 'non_retryable' | 'retry_after_ms' | 'retry_config' | 'deadline_at'>>;
  labels?: Record<string, string>;
  /** The check of its handler has said that it has recovered. */
  verified?: true;
  /** With its task the job is to fail. */
  fails_job?: true;
  /** When job-service is asked, and the command sent again if need be, unless something newer is heard of the task; null: never. */
  resend_at: string | null;
  /** How often that has been done. */
  resends: number;
  /** The manual recovery that the phase `requeued` belongs to; it holds the params. */
  manual_recovery_id: string | null;
  /** The move that has brought it to its group, where a split has: who moves records knows its own by it. */
  moved_by?: string;
  /** Present once nobody needs to act on it any more: it is kept from then on for as long as the setting says. */
  closed_at?: Date;
  /** Rises with each write, so that a write on an outdated reading is noticed. */
  version: number;
}

/** The failure that a record is of, as far as a decision asks for it. */
export function failureOf(
  stored: Pick<
    StoredErrorRecord,
    'task_id' | 'job_id' | 'job_type' | 'tenant' | 'error_type' | 'error_message' | 'stack_trace' | 'attempt' | 'failures'
  > &
    Pick<StoredErrorRecord, 'timestamp' | 'told' | 'labels'>,
): FailedTask {
  const { task_id, job_id, job_type, tenant = DEFAULT_TENANT, error_type, error_message, stack_trace } = stored;
  const { attempt, failures, timestamp: failed_at, told = {}, labels } = stored;
  return {
    ...{ task_id, job_id, job_type, tenant, error_type, error_message, attempt, failures, failed_at },
    ...{ safety: 'idempotent', non_retryable: false, retry_after_ms: null, retry_config: null },
    ...told,
    ...(stack_trace === undefined ? {} : { stack_trace }),
    ...(labels === undefined ? {} : { labels }),
  };
}

/** The record as the outside sees it. */
export function toErrorRecord(stored: StoredErrorRecord): ErrorRecord {
  return {
    id: stored._id,
    job_id: stored.job_id,
    ...(stored.task_id === '' ? {} : { task_id: stored.task_id }),
    tenant: stored.tenant ?? DEFAULT_TENANT,
    error_type: stored.error_type,
    error_message: stored.error_message,
    ...(stored.stack_trace === undefined ? {} : { stack_trace: stored.stack_trace }),
    timestamp: stored.timestamp,
    retry_count: stored.retry_count,
    recovery_status: stored.recovery_status,
    recovery_attempts: stored.recovery_attempts,
    failed_runs: stored.failed_runs,
    ...(stored.labels === undefined ? {} : { labels: stored.labels }),
    group_id: stored.group_id,
    group_title: stored.group_title,
    decision: stored.decision,
    verified_by: stored.phase === 'recovered' ? (stored.verified ? 'check' : 'success') : null,
    next_retry_at: stored.next_retry_at,
  };
}
