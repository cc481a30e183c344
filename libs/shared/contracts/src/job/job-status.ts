/** The states of a job. Legal moves are in job-service's job-lifecycle. */
export const jobStatuses = [
  'scheduled',
  'pending',
  'running',
  'paused',
  'recovering',
  'cancelling',
  'completed',
  'failed',
  'cancelled',
  'deleting',
] as const;

export type JobStatus = (typeof jobStatuses)[number];

/** States in which nothing more happens by itself. */
export const finishedJobStatuses = ['completed', 'failed', 'cancelled'] as const satisfies JobStatus[];

export type FinishedJobStatus = (typeof finishedJobStatuses)[number];

export function isFinished(status: JobStatus): status is FinishedJobStatus {
  return (finishedJobStatuses as readonly JobStatus[]).includes(status);
}
