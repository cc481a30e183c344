import type { RequeueTasks } from '@kintsugi/contracts';
import type { RecordPhase } from '../records/domain/record-lifecycle.js';
import type { ErrorRecordFilter, ErrorRecordPlace } from '../records/error-record-search.js';
import type { RecordStanding, RecoverableRecord } from './domain/recovery-refusal.js';

export interface RecoveryClaim {
  /** Each with the run that had failed when it was found: one that has failed anew since is another matter. */
  records: readonly Pick<RecoverableRecord, '_id' | 'attempt'>[];
  /** The phases that the records were found recoverable in. */
  phases: readonly RecordPhase[];
  manualRecoveryId: string;
  now: string;
  resendAt: string;
}

export interface PlacedRecord extends RecoverableRecord {
  timestamp: string;
}

/** The records that are asked for. */
export type RecoverablePart = Omit<ErrorRecordFilter, 'text'>;

/** The records of failures that a person may want to bring back. */
export abstract class RecoverableRecords {
  /** A part that cannot be searched within some seconds is refused, here and in the next two: somebody waits for the answer. */
  abstract exist(part: RecoverablePart): Promise<boolean>;
  /** How many have not recovered; counted up to a limit. */
  abstract countUnrecovered(part: RecoverablePart, limit: number): Promise<number>;
  /** The first page of those that have not recovered, newest first. */
  abstract newestUnrecovered(part: RecoverablePart, limit: number): Promise<PlacedRecord[]>;
  /**
   * A page of records that have not recovered, newest first: one that fails anew in the meantime is then not
   * met twice.
   */
  abstract unrecovered(part: RecoverablePart, place: ErrorRecordPlace | null, limit: number): Promise<PlacedRecord[]>;
  /**
   * Takes records over for a manual recovery, their timers removed. Gives the tasks of those that are its now: asked once
   * more, it takes none a second time.
   */
  abstract claim(claim: RecoveryClaim): Promise<RequeueTasks['tasks']>;
  /** How records stand now; those that are gone are left out. */
  abstract standing(ids: readonly string[]): Promise<Map<string, RecordStanding>>;
  /** Notes what a person has asked for, beside what has come of it so far. */
  abstract noteAttempt(ids: readonly string[], result: string, now: string): Promise<void>;
  /** Says in the place of a note what has become of it; a record without that note stays as it is. */
  abstract moveNote(id: string, from: string, to: string): Promise<void>;
}
