import type { ErrorGroup, RecoveryStatus } from '@kintsugi/contracts';
import type { StoredErrorRecord } from './domain/error-record.js';
import type { Looked } from './domain/look-through.js';

/** The place of a record among all, newest first, by id where many have one time. */
export interface ErrorRecordPlace {
  timestamp: string;
  id: string;
}

export interface ErrorRecordFilter {
  error_record_id?: string | undefined;
  job_id?: string | undefined;
  group_id?: string | undefined;
  error_type?: string | undefined;
  recovery_status?: RecoveryStatus | undefined;
  tenant?: string | undefined;
  /** In the message or the stack, in whatever case. */
  text?: string | undefined;
  job_type?: string | undefined;
  from?: string | undefined;
  /** Before it. */
  to?: string | undefined;
  label?: { key: string; value: string } | undefined;
}

export type ErrorGroupFilter = Pick<ErrorRecordFilter, 'job_id' | 'group_id' | 'recovery_status' | 'tenant'>;

/** The newest records of a group, summed up. */
export interface NewestOfGroup {
  sum: ErrorGroup;
  /** How many the group has in all. */
  records: number;
}

/** Finds error records and sums them up. */
export abstract class ErrorRecordSearch {
  /** Records after a place, newest first. */
  abstract newestFirst(filter: ErrorRecordFilter, place: ErrorRecordPlace | null, limit: number): Promise<StoredErrorRecord[]>;
  /** The same, for a while: what has few matches among very many records is looked for step by step. */
  abstract look(
    filter: ErrorRecordFilter,
    place: ErrorRecordPlace | null,
    limit: number,
  ): Promise<Looked<StoredErrorRecord, ErrorRecordPlace>>;
  /** Tasks of a job with failures in some of the groups. */
  abstract tasksOf(jobId: string, groupIds: readonly string[], limit: number): Promise<string[]>;
  /** Error groups, largest first. */
  abstract groups(filter: ErrorGroupFilter, limit: number): Promise<ErrorGroup[]>;
  /** Sums up the records of a group, of very many the newest; null where it has none. */
  abstract newestOfGroup(groupId: string, most: number): Promise<NewestOfGroup | null>;
}
