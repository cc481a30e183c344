import { createHash } from 'node:crypto';

/**
 * The identity of an attempt's trace: it follows from the job's, so that each process and each later attempt knows it and
 * nothing is stored for it.
 * @param ofJob the traceparent that the job was accepted with
 */
export function attemptTraceparent(ofJob: string, taskId: string, attempt: number): string {
  const digest = createHash('sha256').update(`${ofJob} ${taskId} ${attempt}`).digest('hex');
  return `00-${digest.slice(0, 32)}-${digest.slice(32, 48)}-01`;
}

/** What an attempt follows on: the attempt before it, or for the first the request that made the job. */
export function attemptBefore(ofJob: string, taskId: string, attempt: number): string {
  return attempt > 1 ? attemptTraceparent(ofJob, taskId, attempt - 1) : ofJob;
}
