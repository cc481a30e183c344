import type { BatchJob, TaskPage, TaskState } from '@kintsugi/contracts';

/** What job-service says of a job now; `away` when it does not answer. */
export type LiveJob = { kind: 'found'; job: BatchJob } | { kind: 'missing' } | { kind: 'away' };

/** The jobs as job-service has them. */
export interface LiveJobs {
  get(jobId: string): Promise<LiveJob>;
  /** Those of the lanes that no worker offers to run; none when job-service does not answer. */
  unserved(lanes: readonly string[]): Promise<readonly string[]>;
  /** The first tasks of a job, of one state or of any; null when job-service does not answer. */
  tasks(jobId: string, state?: TaskState): Promise<TaskPage | null>;
}
