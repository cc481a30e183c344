import type { JobStatus } from '@kintsugi/contracts';
import type { JobRow } from './job-row.js';

/** Which jobs are asked for; what is absent does not matter. */
export interface JobFilter {
  status?: readonly JobStatus[] | undefined;
  type?: string | undefined;
  product_id?: string | undefined;
  sending_group_id?: string | undefined;
  user_id?: string | undefined;
  tenant?: string | undefined;
  /** `key=value` */
  label?: string | undefined;
  created_after?: Date | undefined;
  created_before?: Date | undefined;
  /** Types of failed runs of an ended job, or prefixes with a star at their end: one of them must match. */
  error_types?: readonly string[] | undefined;
  /** In lower case. */
  text?: string | undefined;
  duration_ms?: { min?: number | undefined; max?: number | undefined } | undefined;
}

/** By creation, then by id: `desc` is newest first. */
export type JobOrder = 'asc' | 'desc';

/** A part of the history, to be read in order. */
export interface JobListing {
  filter: JobFilter;
  order: JobOrder;
  /** What comes just after this place; null: from the start. */
  after: JobPosition | null;
  /** How many jobs the reader means to take. */
  expected: number;
  /** Epoch milliseconds at which all of them were made, as far as that is known. */
  made?: readonly number[] | undefined;
}

/** The place of a job in the order of lists: by creation, then by id. */
export interface JobPosition {
  /** Epoch milliseconds. */
  created_at: number;
  job_id: string;
}

export interface JobCount {
  jobs: number;
  /** Whether there may be more: counting ends at a number, and where it takes too long. */
  isCapped: boolean;
}

export interface NewestJobs {
  /** The lowest UUID that they reach down to; what was asked for where there is no more. */
  from: string;
  rows: JobRow[];
}

/** What has been learnt of a job. */
export interface JobNews {
  row: JobRow;
  /** Whether some of it was learnt before, as far as one can tell. */
  repeated: boolean;
}

/** The rows of all jobs that are remembered. */
export abstract class JobHistory {
  /** Joins news to what is known of their jobs. Resolves once they are safe; may be repeated. */
  abstract record(news: readonly JobNews[]): Promise<void>;
  abstract find(jobId: string): Promise<JobRow | null>;
  /** Every job whose UUID is not below `from` and below `before`: for few. */
  abstract between(from: string, before: string): Promise<JobRow[]>;
  /** The newest of these, deleted ones too: as many as fit into memory at ease. */
  abstract newest(from: string, before: string): Promise<NewestJobs>;
  /** The jobs of a listing whose creation is known, each once. It reads on only as far as it is asked. */
  abstract read(listing: JobListing): AsyncGenerator<JobRow, void, undefined>;
  /** How many jobs its filter is about, as far as `expected` of a listing, of which so many were read up to its place. */
  abstract count(listing: JobListing, read: number): Promise<JobCount>;
}
