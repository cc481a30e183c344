import type { ExternalJobRecord, JobOutboxEntry } from '../jobs/domain/job.js';

/** The records of jobs that somebody else runs. They are among those of all jobs. */
export abstract class ExternalRecords {
  /** false when the job exists already. */
  abstract insert(job: ExternalJobRecord): Promise<boolean>;
  abstract find(jobId: string): Promise<ExternalJobRecord | null>;
  /** Writes a changed job with the events it promises; false when it has changed since the version before. */
  abstract write(next: ExternalJobRecord, before: number, events: readonly JobOutboxEntry[]): Promise<boolean>;
  /** Those whose producers have been silent for too long by now, the longest first. */
  abstract silent(heard: number, limit: number): Promise<ExternalJobRecord[]>;
  /** When the next of them will have been; null while none is waited for. */
  abstract nextStall(): Promise<number | null>;
}
