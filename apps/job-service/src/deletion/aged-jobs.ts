import type { JobStatus } from '@kintsugi/contracts';

/** A job that has ended. */
export interface AgedJob {
  jobId: string;
  type: string;
  status: JobStatus;
  /** Epoch milliseconds. */
  endedAt: number;
}

/** The jobs in the record, oldest first, as far as they have ended. */
export abstract class AgedJobs {
  /** Those of the next UUIDs after one and below another; with the last UUID that was looked at, or null where there are no more. */
  abstract page(afterUuid: string, beforeUuid: string): Promise<{ jobs: AgedJob[]; last: string | null }>;
  /** Bytes of data that all jobs and tasks take. */
  abstract bytes(): Promise<number>;
}
