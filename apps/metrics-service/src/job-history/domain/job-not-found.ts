import { ProblemError } from '@kintsugi/contracts';

export function jobNotFound(jobId: string): ProblemError {
  return new ProblemError('JOB_NOT_FOUND', `There is no job ${jobId}. See GET /v1/jobs for those that are.`);
}
