import { maySee, type Actor, type BatchJob, type JobStatus } from '@kintsugi/contracts';

export type AwaitedJob = Pick<BatchJob, 'id' | 'status' | 'tenant'>;

/** The jobs that recoveries wait for. */
export abstract class AwaitedJobs {
  /** How jobs stand, by their ids; those that are gone are left out. */
  abstract of(jobIds: readonly string[]): Promise<ReadonlyMap<string, AwaitedJob>>;
}

/** How a job stands; null where whoever waits for it has none of that id. */
export function statusFor(actor: Actor, job: AwaitedJob | undefined): JobStatus | null {
  return job && maySee(actor, job.tenant) ? job.status : null;
}
