import { ProblemError, type BatchJob, type JobStatus } from '@kintsugi/contracts';
import { jobTransitions, type JobMove } from '../jobs/domain/job-lifecycle.js';

/** The refusal of a move that the job's status does not allow. */
export function stateConflict(job: BatchJob, move: JobMove, why: string): ProblemError {
  return conflictOf(job, jobTransitions[move].from, why);
}

/** The refusal of what a job's status does not allow, with those that do. */
export function conflictOf(job: Pick<BatchJob, 'status'>, allowed: readonly JobStatus[], why: string): ProblemError {
  return new ProblemError('STATE_CONFLICT', `The job is ${job.status}: ${why}.`, {
    current: job.status,
    allowed: [...allowed],
    errors: [{ path: 'data.job_id', rule: 'STATE', got: job.status, allowed: allowed.join(', ') }],
  });
}
