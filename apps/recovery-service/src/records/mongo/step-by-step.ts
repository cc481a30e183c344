import type { Collection, Filter, IndexSpecification } from 'mongodb';
import type { StoredErrorRecord } from '../domain/error-record.js';
import type { Looking } from '../domain/look-through.js';
import type { ErrorRecordFilter, ErrorRecordPlace } from '../error-record-search.js';
import { boundedSearch } from './bounded-search.js';
import { after, newestFirst, upTo } from './newest-first.js';
import { recordsAs } from './record-filter.js';

/** Fields by which records lie together, newest first: the one that leaves the fewest goes first. */
const leading = ['job_id', 'group_id', 'error_type', 'recovery_status'] as const;

/** Looks at the records that lie in order in the one index that leaves the fewest. */
export function stepByStep(
  records: Collection<StoredErrorRecord>,
  filter: ErrorRecordFilter,
): Looking<StoredErrorRecord, ErrorRecordPlace> {
  const { hint, part } = pathOf(filter);
  const wanted = recordsAs(filter);
  const startedAt = performance.now();
  return {
    edge: async (from, count, end = null) => {
      const [edge] = await records
        .find({ $and: [recordsAs(part), after(from), upTo(end)] }, { ...boundedSearch, hint })
        .sort(newestFirst)
        .skip(count - 1)
        .limit(1)
        .project<Pick<StoredErrorRecord, '_id' | 'timestamp'>>({ timestamp: 1 })
        .toArray();
      return edge ? { timestamp: edge.timestamp, id: edge._id } : null;
    },
    matches: (from, to, limit) =>
      records
        .find({ $and: [wanted, after(from), upTo(to)] } satisfies Filter<StoredErrorRecord>, { ...boundedSearch, hint })
        .sort(newestFirst)
        .limit(limit)
        .toArray(),
    spentMs: () => performance.now() - startedAt,
  };
}

/**
 * Whether a filter asks for what no index leads to. How far was looked names a record that need not match: whoever may see those of
 * one tenant is not told of it.
 */
export function isLookedThrough({ error_record_id: id, tenant, text, label, job_type }: ErrorRecordFilter): boolean {
  if (id !== undefined || tenant !== undefined) return false;
  return text !== undefined || label !== undefined || job_type !== undefined;
}

/** Whether an index leaves so few that looking at each of them is quickest. */
export function isOfFew({ job_id: job, group_id: group }: ErrorRecordFilter): boolean {
  return job !== undefined || group !== undefined;
}

function pathOf(filter: ErrorRecordFilter): { hint: IndexSpecification; part: ErrorRecordFilter } {
  const { from, to } = filter;
  const field = leading.find((name) => filter[name] !== undefined && !filter[name].endsWith('*'));
  if (field === undefined) return { hint: newestFirst, part: { from, to } };
  return { hint: { [field]: 1, ...newestFirst }, part: { [field]: filter[field], from, to } };
}
