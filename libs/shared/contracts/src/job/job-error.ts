import { DEPENDENCY_FAILED } from '../task/task-dependencies.js';

/** Why a job ended as a whole, and not by what its tasks say. */
interface JobError {
  error_type: string;
  error_message: string;
}

/** The error type of a job that was not over by its deadline. */
export const JOB_DEADLINE = 'job.deadline';

/** The error type of a job that a retry policy has failed as a whole. */
export const JOB_ABORTED = 'job.aborted';

/** Why a job failed that was not over by its deadline. */
export function deadlineError(deadlineAt: string | undefined): JobError {
  const by = deadlineAt === undefined ? 'its deadline' : deadlineAt;
  return { error_type: JOB_DEADLINE, error_message: `The job was not over by ${by}, and what was left of it was stopped.` };
}

/** Why a job failed of which one task was enough. */
export const abortedError: JobError = {
  error_type: JOB_ABORTED,
  error_message: 'The retry policy has the whole job fail with one of its tasks, and what was left of it was stopped.',
};

/** Why a job did not run that waited for another. */
export function dependencyError(jobId: string, became: 'failed' | 'cancelled' | 'deleted' | 'completed'): JobError {
  const words = became === 'failed' ? 'has failed' : `was ${became}`;
  return { error_type: DEPENDENCY_FAILED, error_message: `It waited for ${jobId}, which ${words}.` };
}
