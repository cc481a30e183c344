import { ProblemError, type BatchJob, type JobStatus } from '@kintsugi/contracts';
import { jobTransitions, type JobMove } from '../jobs/domain/job-lifecycle.js';

/** The refusal of a move that the job's status does not allow. */
export function stateConflict(job: BatchJob, move: JobMove, why: string): ProblemError {
  return conflictOf(job, jobTransitions[move].from, why);
}

/** The refusal of another run of a job while its last one stands in the way, with how that has to end first. */
export function runConflict(
  run: { id: string | undefined; status: JobStatus },
  allowed: readonly JobStatus[],
  why: string,
): ProblemError {
  const { id, status } = run;
  return new ProblemError('STATE_CONFLICT', `${why} as ${id}, which is ${status}.`, {
    current: status,
    allowed: [...allowed],
    errors: [{ path: 'data.job_id', rule: 'STATE', got: `a job whose last run is ${status}`, allowed: allowed.join(', ') }],
  });
}

/** The refusal of what a job's status does not allow, with those that do. */
export function conflictOf(job: Pick<BatchJob, 'status'>, allowed: readonly JobStatus[], why: string): ProblemError {
  return new ProblemError('STATE_CONFLICT', `The job is ${job.status}: ${why}.`, {
    current: job.status,
    allowed: [...allowed],
    errors: [{ path: 'data.job_id', rule: 'STATE', got: job.status, allowed: allowed.join(', ') }],
  });
}
