import { DEFAULT_TENANT, errorRecordIdOf, jobIdOf, type FailedTask } from '@kintsugi/contracts';
import type { StoredErrorRecord } from './error-record.js';
import { recordPhases } from './record-lifecycle.js';

const uuid = '01890a5d-ac96-774b-bcce-b302099a8057';

/** The task of a number, for specs. */
export function taskSample(index: number): string {
  return `task_${uuid}.0.${index}`;
}

/** A failure as job-service tells of it, for specs: a first run that failed for a reason that passes. */
export function failureSample(given: Partial<FailedTask> = {}): FailedTask {
  return {
    task_id: taskSample(3),
    job_id: jobIdOf(uuid),
    job_type: 'smtp.send',
    tenant: DEFAULT_TENANT,
    safety: 'keyed',
    attempt: 1,
    failures: given.attempt ?? 1,
    error_type: 'smtp.451',
    error_message: 'greylisted',
    non_retryable: false,
    retry_after_ms: null,
    failed_at: '2026-11-23T05:59:59.000Z',
    retry_config: null,
    ...given,
  };
}

/** The record of the failure of a task, for specs: a retry is scheduled, unless a phase is given. */
export function recordSample(index: number, given: Partial<StoredErrorRecord> = {}): StoredErrorRecord {
  const { phase = 'deferred' } = given;
  const { job_id, job_type, error_type, error_message, failed_at } = failureSample();
  const deferred = phase === 'deferred';
  return {
    _id: errorRecordIdOf(taskSample(index)),
    task_id: taskSample(index),
    ...{ job_id, job_type, error_type, error_message, timestamp: failed_at },
    recovery_status: recordPhases[phase].status,
    recovery_attempts: deferred ? [{ timestamp: failed_at, method: 'automatic_retry', result: 'scheduled' }] : [],
    failed_runs: [{ attempt: 1, failed_at, error_type, retry_delay_ms: deferred ? 5_000 : null }],
    ...{ group_id: `grp_${'0'.repeat(32)}`, group_title: 'greylisted', decision: ['scheduled in 5 s'] },
    next_retry_at: deferred ? '2026-11-23T06:00:05.000Z' : null,
    resend_at: '2026-11-23T06:00:30.000Z',
    ...{ phase, attempt: 1, failures: 1, forgiven_failures: 0, retry_count: 0, resends: 0 },
    ...{ manual_recovery_id: null, version: 1 },
    ...given,
  };
}
