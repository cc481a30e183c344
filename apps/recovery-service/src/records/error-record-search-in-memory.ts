import { DEFAULT_TENANT, matchesErrorType, recoveryStatuses, type ErrorGroup, type RecoveryStatus } from '@kintsugi/contracts';
import type { StoredErrorRecord } from './domain/error-record.js';
import type { Looked } from './domain/look-through.js';
import { waitingPhases, type RecordPhase } from './domain/record-lifecycle.js';
import type {
  ErrorGroupFilter,
  ErrorRecordFilter,
  ErrorRecordPlace,
  ErrorRecordSearch,
  NewestOfGroup,
} from './error-record-search.js';
import type { StoredRecords } from './error-records-in-memory.js';

type Placed = Pick<StoredErrorRecord, '_id' | 'timestamp'>;

/** Orders records newest first, by id where many have one time. */
export function byNewest(one: Placed, other: Placed): number {
  if (one.timestamp !== other.timestamp) return one.timestamp < other.timestamp ? 1 : -1;
  return one._id < other._id ? 1 : -1;
}

export function isAfter(record: Placed, place: ErrorRecordPlace | null): boolean {
  return !place || byNewest(record, { _id: place.id, timestamp: place.timestamp }) > 0;
}

/** Whether a record is as a filter says; a filter's field that is not given says nothing. */
export function isAs(record: StoredErrorRecord, filter: ErrorRecordFilter): boolean {
  const { error_record_id: id, tenant, error_type, text, from, to, label, ...rest } = filter;
  if (id !== undefined && record._id !== id) return false;
  if (tenant !== undefined && (record.tenant ?? DEFAULT_TENANT) !== tenant) return false;
  if (error_type !== undefined && !matchesErrorType(error_type, record.error_type)) return false;
  const wanted = text?.toLowerCase();
  const hasText = (given = ''): boolean => wanted === undefined || given.toLowerCase().includes(wanted);
  if (!hasText(record.error_message) && !hasText(record.stack_trace)) return false;
  if (from !== undefined && record.timestamp < from) return false;
  if (to !== undefined && record.timestamp >= to) return false;
  if (label && record.labels?.[label.key] !== label.value) return false;
  return Object.entries(rest).every(([field, value]) => value === undefined || record[field as keyof typeof rest] === value);
}

/** Finds error records in memory, for specs: it keeps to the same promises as the search in MongoDB. */
export class ErrorRecordSearchInMemory implements ErrorRecordSearch {
  constructor(private readonly stored: StoredRecords) {}

  async newestFirst(filter: ErrorRecordFilter, place: ErrorRecordPlace | null, limit: number): Promise<StoredErrorRecord[]> {
    const found = [...this.stored.values()].filter((record) => isAs(record, filter) && isAfter(record, place));
    return structuredClone(found.sort(byNewest).slice(0, limit));
  }

  async look(
    filter: ErrorRecordFilter,
    place: ErrorRecordPlace | null,
    limit: number,
  ): Promise<Looked<StoredErrorRecord, ErrorRecordPlace>> {
    return { found: await this.newestFirst(filter, place, limit), reached: null };
  }

  async tasksOf(jobId: string, groupIds: readonly string[], limit: number): Promise<string[]> {
    const found = [...this.stored.values()].filter(({ job_id, group_id }) => job_id === jobId && groupIds.includes(group_id));
    return found.map(({ task_id }) => task_id).slice(0, limit);
  }

  async groups(filter: ErrorGroupFilter, limit: number): Promise<ErrorGroup[]> {
    const found = [...this.stored.values()].filter((record) => isAs(record, filter));
    const groups = [...Map.groupBy(found, ({ group_id }) => group_id)].map(([id, alike]) => groupOf(id, alike));
    return groups.sort((one, other) => other.count - one.count || (one.id < other.id ? -1 : 1)).slice(0, limit);
  }

  async newestOfGroup(groupId: string, most: number): Promise<NewestOfGroup | null> {
    const found = await this.newestFirst({ group_id: groupId }, null, Infinity);
    return found.length === 0 ? null : { sum: groupOf(groupId, found.slice(0, most)), records: found.length };
  }
}

function groupOf(id: string, records: StoredErrorRecord[]): ErrorGroup {
  const times = records.map(({ timestamp }) => timestamp).sort();
  const inPhase = (...phases: RecordPhase[]): number => records.filter(({ phase }) => phases.includes(phase)).length;
  const having = (status: RecoveryStatus): number => records.filter(({ recovery_status }) => recovery_status === status).length;
  return {
    id,
    title: records[0]?.group_title ?? '',
    error_type: records[0]?.error_type ?? '',
    count: records.length,
    jobs: new Set(records.map(({ job_id }) => job_id)).size,
    by_status: Object.fromEntries(recoveryStatuses.map((status) => [status, having(status)])) as ErrorGroup['by_status'],
    waiting: inPhase(...waitingPhases),
    outcome_unknown: inPhase('outcome_unknown'),
    first_seen: times[0] ?? '',
    last_seen: times.at(-1) ?? '',
    example_record_id:
      records
        .map(({ _id }) => _id)
        .sort()
        .at(-1) ?? '',
  };
}
