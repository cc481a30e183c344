import type { Actor, JobStatus } from '@kintsugi/contracts';

/** The jobs that recoveries wait for. */
export abstract class AwaitedJobs {
  /** How a job stands; null where whoever waits for it has none of that id. */
  abstract statusOf(jobId: string, actor: Actor): Promise<JobStatus | null>;
}
