import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import { countHour, noteMet, type Sighting, type StoredGroup } from './failure-group.js';

type Failure = Pick<Sighting, 'failed_at' | 'version'>;

export type MovedRecord = Pick<StoredErrorRecord, '_id' | 'job_id' | 'job_type' | 'error_type' | 'timestamp' | 'failed_runs'>;

/** The group that records have come to, with what was counted of them. */
export function afterArrival(group: StoredGroup, records: readonly MovedRecord[], since: string | null): StoredGroup {
  const next = structuredClone(group);
  // What nobody has counted in yet has the times of the group that it was split off from.
  if (next.count === 0) Object.assign(next, { first_seen: '\uffff', last_seen: '' });
  for (const record of records) {
    for (const { failed_at, version } of failuresOf(record, since)) {
      next.count += 1;
      countHour(next, hourOf(failed_at));
      const { job_id, job_type, _id: error_record_id } = record;
      noteMet(next, { failed_at, job_id, job_type, error_record_id, version });
    }
  }
  return next.count === 0 ? group : next;
}

/**
 * The group that records have left. It may have less than nothing then: its counts are summed up with those of its parts, of
 * which some were counted there.
 */
export function afterDeparture(group: StoredGroup, records: readonly MovedRecord[], since: string | null): StoredGroup {
  const next = structuredClone(group);
  const left = records.flatMap((record) => failuresOf(record, since));
  next.count -= left.length;
  if (next.ignored_count !== null) next.ignored_count -= left.length;
  for (const { failed_at } of left) countHour(next, hourOf(failed_at), -1);
  return next;
}

/**
 * When a record failed so, and in which version. A run that failed otherwise was counted elsewhere.
 *
 * @param since only failures after it; those of before were counted where the records go
 */
function failuresOf({ failed_runs: runs, error_type, timestamp }: MovedRecord, since: string | null): Failure[] {
  const own: Failure[] = runs.filter((run) => run.error_type === error_type);
  return (own.length > 0 ? own : [{ failed_at: timestamp }]).filter(({ failed_at }) => since === null || failed_at > since);
}

function hourOf(time: string): number {
  return Math.floor(Date.parse(time) / 3_600_000);
}
