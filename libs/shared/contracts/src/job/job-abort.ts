/** The error type of a job that a retry policy has failed as a whole. */
export const JOB_ABORTED = 'job.aborted';

/** Why a job failed of which one task was enough. */
export const abortedError = {
  error_type: JOB_ABORTED,
  error_message: 'The retry policy has the whole job fail with one of its tasks, and what was left of it was stopped.',
} as const;
