import { ProblemError, type BatchJob } from '@kintsugi/contracts';
import { jobTransitions, movesFrom, type JobMove } from '../jobs/domain/job-lifecycle.js';

/** The refusal of a move that the job's status does not allow. */
export function stateConflict(job: BatchJob, move: JobMove, why: string): ProblemError {
  return new ProblemError('STATE_CONFLICT', `The job is ${job.status}: ${why}.`, {
    current: job.status,
    allowed: [...jobTransitions[move].from],
    errors: [{ path: 'data.job_id', rule: 'STATE', got: job.status, allowed: movesFrom(job.status).join(', ') || 'no move' }],
  });
}
