import type { BatchJob, TaskPage, TaskState } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';

/** What job-service says of a job now; `away` when it does not answer. */
export type LiveJob = { kind: 'found'; job: BatchJob } | { kind: 'missing' } | { kind: 'away' };

/** The jobs as job-service has them. */
export abstract class LiveJobs {
  abstract get(jobId: string, origin: Origin): Promise<LiveJob>;
  /** Those of the queues that no worker offers to run; none when job-service does not answer. */
  abstract unserved(queues: readonly string[], origin: Origin): Promise<readonly string[]>;
  /** The first tasks of a job, of one state or of any; null when job-service does not answer. */
  abstract tasks(jobId: string, state: TaskState | undefined, origin: Origin): Promise<TaskPage | null>;
}
