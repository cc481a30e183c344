import type { ActionInput, BatchJob, TaskPage, TaskStatus, WedgeMark } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';

/** What job-service says of a job now; `away` when it does not answer. */
export type LiveJob = { kind: 'found'; job: BatchJob } | { kind: 'missing' } | { kind: 'away' };

/** The jobs as job-service has them. */
export abstract class LiveJobs {
  abstract get(jobId: string, origin: Origin): Promise<LiveJob>;
  /** Those of the queues that no worker offers to run; none when job-service does not answer. */
  abstract unserved(queues: readonly string[], origin: Origin): Promise<readonly string[]>;
  /** Those of the jobs that cannot end as things stand; none when job-service does not answer. */
  abstract wedged(jobIds: readonly string[], origin: Origin): Promise<ReadonlyMap<string, WedgeMark>>;
  /** How those tasks stand; null when job-service does not answer. */
  abstract standing(taskIds: readonly string[], origin: Origin): Promise<readonly TaskStatus[] | null>;
  /** A page of the tasks of a job; null when job-service does not answer. */
  abstract tasks(page: ActionInput<'listTasks'>, origin: Origin): Promise<TaskPage | null>;
}
