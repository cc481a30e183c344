/** The error type of a job that was not over by its deadline. */
export const JOB_DEADLINE = 'job.deadline';

/** Why a job failed that was not over by its deadline. */
export function deadlineError(deadlineAt: string | undefined): { error_type: string; error_message: string } {
  const by = deadlineAt === undefined ? 'its deadline' : deadlineAt;
  return { error_type: JOB_DEADLINE, error_message: `The job was not over by ${by}, and what was left of it was stopped.` };
}
