import type { RequeueTasks } from '@kintsugi/contracts';
import type { RecordPhase } from '../records/domain/record-lifecycle.js';
import type { ErrorRecordPlace } from '../records/error-record-search.js';
import type { RecoverableRecord } from './domain/recovery-refusal.js';

export interface RecoveryClaim {
  ids: readonly string[];
  /** The phases that the records were found recoverable in. */
  phases: readonly RecordPhase[];
  manualRecoveryId: string;
  now: string;
  resendAt: string;
}

export interface GroupedRecord extends RecoverableRecord {
  timestamp: string;
}

/** The records of a group that are asked for: all, or those of a job or of a tenant. */
export interface GroupPart {
  groupId: string;
  jobId: string | undefined;
  tenant: string | undefined;
}

/** The records of failures that a person may want to bring back. */
export abstract class RecoverableRecords {
  abstract groupExists(part: GroupPart): Promise<boolean>;
  /**
   * A page of a group's records that have not recovered, newest first: one that fails anew in the meantime is then not
   * met twice.
   */
  abstract unrecovered(part: GroupPart, place: ErrorRecordPlace | null, limit: number): Promise<GroupedRecord[]>;
  /** Takes records over for a manual recovery, their timers removed. Gives the tasks of those that could still be taken. */
  abstract claim(claim: RecoveryClaim): Promise<RequeueTasks['tasks']>;
  abstract noteRefusal(ids: readonly string[], reason: string, now: string): Promise<void>;
}
