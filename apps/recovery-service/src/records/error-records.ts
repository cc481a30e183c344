import type { StoredErrorRecord } from './domain/error-record.js';

export interface RecordChange {
  /** What the change was computed from; null begins a record. */
  previous: StoredErrorRecord | null;
  next: StoredErrorRecord;
}

export interface TaskRecovery {
  _id: string;
  /** When it failed last, as its record was read. */
  timestamp: string;
  /** The run that succeeded. */
  attempt: number;
  /** The check of its handler has passed. */
  verified?: true;
}

/** How a record stands to a success of its task. */
export type RecordStanding = Pick<StoredErrorRecord, '_id' | 'attempt' | 'phase' | 'timestamp' | 'recovery_attempts'>;

/** The error records. They are written in groups, and every write states what it expects. */
export abstract class ErrorRecords {
  abstract find(id: string): Promise<StoredErrorRecord | null>;
  abstract findMany(ids: readonly string[]): Promise<Map<string, StoredErrorRecord>>;
  abstract standings(ids: readonly string[]): Promise<Map<string, RecordStanding>>;
  /** Writes changes in one group. False when some of the records had changed since they were read; the others are written. */
  abstract write(changes: readonly RecordChange[]): Promise<boolean>;
  /** Ends records whose tasks have succeeded. What is recovered already stays as it is. */
  abstract recover(recoveries: readonly TaskRecovery[]): Promise<void>;
  /** Removes some of the records of these jobs, and gives their ids. None is left when it gives none. */
  abstract removeSome(jobIds: readonly string[], limit: number): Promise<string[]>;
  /** Ends the unfinished records of cancelled jobs, and their timers with them. */
  abstract cancelJobs(jobIds: readonly string[], now: string): Promise<void>;
}
