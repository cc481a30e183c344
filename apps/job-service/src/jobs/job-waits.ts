import type { JobStatus } from '@kintsugi/contracts';
import type { AwaitedEnd } from './domain/awaits-of-job.js';
import type { JobRecord } from './domain/job.js';

/** A job as those see it that wait for it. */
export interface JobStanding {
  status: JobStatus;
  tenant: string;
}

/** A job that waits for others. */
export type WaitingJob = Pick<JobRecord, '_id'> & { awaits: readonly string[] };

/** The same, as those see it that ask who holds up whom. */
export type DependentJob = WaitingJob & Pick<JobRecord, 'status' | 'tenant' | 'parent_job_id'>;

/** Which jobs wait for which, in the record. */
export abstract class JobWaits {
  /** Those of the jobs that there are, as they stand on disk: what is only in memory can still be void. */
  abstract standings(jobIds: readonly string[]): Promise<Map<string, JobStanding>>;
  /**
   * Frees all jobs that waited for these ends, and has those given up that waited for others. Whatever has nothing left to wait for is
   * to be looked at from `now` on. Safe to repeat.
   * @param only the one job that it is about; all that wait when left out
   */
  abstract settle(ends: readonly AwaitedEnd[], now: Date, only?: string): Promise<void>;
  /** The jobs that wait for others, by their ids from just after one on. */
  abstract waiting(afterId: string, limit: number): Promise<WaitingJob[]>;
  /** Jobs that wait for one of these. */
  abstract waitingFor(jobIds: readonly string[], limit: number): Promise<DependentJob[]>;
}
