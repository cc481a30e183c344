import type { FailureGroup } from '@kintsugi/contracts';
import { perHour, versionsMax, type StoredGroup } from './failure-group.js';

const mergedIdsMax = 100;

/** The group as the outside sees it, with the counts of what was made part of it. */
export function toFailureGroup(group: StoredGroup, parts: readonly StoredGroup[], now: number): FailureGroup {
  const { _id, tenant, error_type, title, frames, state, state_at, ignored_until, ignored_count, assignee, note } = group;
  const all = [group, ...parts];
  const times = all.map(({ first_seen, last_seen }) => [first_seen, last_seen] as const);
  return {
    id: _id,
    ...{ tenant, error_type, title, frames, state, state_at, ignored_until, assignee, note },
    ignored_for_count: ignored_count === null ? null : Math.max(0, ignored_count - group.count),
    count: Math.max(
      0,
      all.reduce((sum, { count }) => sum + count, 0),
    ),
    first_seen: times.map(([first]) => first).reduce((one, other) => (other < one ? other : one)),
    last_seen: times.map(([, last]) => last).reduce((one, other) => (other > one ? other : one)),
    per_hour: perHour(all, now),
    job_types: [...new Set(all.flatMap(({ job_types }) => job_types))].slice(0, 20),
    versions: [...new Set(newestFirst(all).flatMap(({ versions = [] }) => versions))].slice(0, versionsMax),
    recent_job_ids: group.recent_job_ids,
    example_record_id: group.example_record_id,
    regressions: group.regressions,
    regressed_at: group.regressed_at,
    merged_group_ids: parts.slice(0, mergedIdsMax).map((part) => part._id),
    split_from: group.split_from ?? null,
    split_group_ids: (group.splits ?? []).map(({ into }) => into),
  };
}

function newestFirst(groups: readonly StoredGroup[]): StoredGroup[] {
  return groups.toSorted((one, other) => (one.last_seen > other.last_seen ? -1 : 1));
}
