import type { JobMove } from './domain/job-lifecycle.js';
import type { JobOutboxEntry, JobRecord } from './domain/job.js';

/** What a move changes beside the state. */
export type JobChange = Partial<
  Pick<
    JobRecord,
    | 'task_counts'
    | 'first_try'
    | 'recovered'
    | 'retries'
    | 'error_types'
    | 'task_ms'
    | 'outcome_ms'
    | 'started_at'
    | 'finished_at'
    | 'expired'
    | 'aborted'
    | 'phase'
    | 'unique_hold'
  >
>;

/** What is noted of a job between its moves. */
export interface ProgressNote {
  jobId: string;
  change: JobChange;
}

/** The records of jobs. A job changes its state only by a move of the lifecycle, and only from where the move starts. */
export abstract class JobRecords {
  /** false when the job exists already. Throws UniqueConflict when another job holds its unique key, as a move does that would take it. */
  abstract insert(job: JobRecord): Promise<boolean>;
  abstract find(jobId: string): Promise<JobRecord | null>;
  /** The job that holds a unique key; null where none does. */
  abstract holderOf(hold: string): Promise<string | null>;
  /** Has an ended job take its unique key again, or give it up; the changed job, null where it has not ended any more. Throws UniqueConflict. */
  abstract setHold(jobId: string, hold: string | null): Promise<JobRecord | null>;
  /** The jobs that are retries of one, oldest first. */
  abstract retriesOf(jobId: string): Promise<string[]>;
  /** Every job that workers run and that has neither ended nor waits for its time, oldest first. */
  abstract unfinished(): Promise<JobRecord[]>;
  /** Makes a move; the changed job, or null when the job was not in a state from which the move starts. */
  abstract apply(jobId: string, move: JobMove, change: JobChange, event: JobOutboxEntry | null): Promise<JobRecord | null>;
  /** Sets the priority and marks it as moving; the changed job, or null when nothing of it is to run any more. */
  abstract setPriority(jobId: string, priority: number, event: JobOutboxEntry): Promise<JobRecord | null>;
  /** Notes that all chunks have the priority, unless it is another by now. */
  abstract notePriorityMoved(jobId: string, priority: number): Promise<void>;
  /** Jobs that wait for their time, by their ids from one on. */
  abstract scheduledFrom(jobId: string): Promise<string[]>;
  /** Jobs that the clock has to look at by then, the first first. */
  abstract due(by: Date, limit: number): Promise<JobRecord[]>;
  /** When it has to look at one next, in epoch milliseconds; null where at none. */
  abstract nextWake(): Promise<number | null>;
  /**
   * The clock has looked at the job as it was; null where it need not again. One that waits for fewer jobs than it did then is left to
   * be looked at.
   */
  abstract noteWoken(seen: JobRecord, next: Date | null): Promise<void>;
  /** Removes the record of a job that is being deleted, or that somebody else has run and that has ended. */
  abstract remove(jobId: string): Promise<void>;
  /** Notes that the staged chunks are real now. */
  abstract noteOpened(jobId: string): Promise<void>;
  /** Notes the tasks that a plan has made, once; false when it has been noted before. */
  abstract notePlanned(jobId: string, total: number, chunks: number, event: JobOutboxEntry): Promise<boolean>;
  /**
   * Keeps what is counted near to what readers may see, of jobs that have not ended. A note that is lost in a crash takes the
   * error types and times of the half second before with it; all else is derived from the chunks.
   */
  abstract noteProgress(notes: readonly ProgressNote[]): Promise<void>;
  /** Jobs with events that have been waiting since before `before`. */
  abstract withOutbox(before: number, limit: number): Promise<JobRecord[]>;
  abstract clearOutbox(jobIds: readonly string[], eventIds: readonly string[]): Promise<void>;
}
