import type { Collection, Filter } from 'mongodb';
import { DEFAULT_TENANT } from '@kintsugi/contracts';
import type { IndexDefinition, Store } from '@kintsugi/persistence';
import type { StoredErrorRecord } from '../domain/error-record.js';
import { newestFirst } from './newest-first.js';

const collection = 'error_records';

/**
 * The error records. They are touched by the native driver throughout: failures arrive by the thousand, and the same
 * documents read through a second library would have their shape declared twice.
 */
export function errorRecordsOf(store: Store): Collection<StoredErrorRecord> {
  return store.collection<StoredErrorRecord>(collection);
}

/** Records of a tenant; of all where none is named. The default's carry no name. */
export function ofTenant(tenant: string | undefined): Filter<StoredErrorRecord> {
  if (tenant === undefined) return {};
  return { tenant: tenant === DEFAULT_TENANT ? { $exists: false } : tenant };
}

export const errorRecordRetention = { collection, field: 'closed_at' } as const;

/** What closes a record: by the clock of the database, which also removes it. */
export const closedNow = { closed_at: '$$NOW' } as const;

/** Null is no time: only records that wait for one are in the index. */
const onlyTimes = (field: string) => ({ partialFilterExpression: { [field]: { $gt: '' } } });

export const errorRecordIndexes: IndexDefinition[] = [
  { collection, keys: { next_retry_at: 1 }, options: onlyTimes('next_retry_at') },
  { collection, keys: { resend_at: 1 }, options: onlyTimes('resend_at') },
  { collection, keys: newestFirst },
  { collection, keys: { job_id: 1, ...newestFirst } },
  { collection, keys: { error_type: 1, ...newestFirst } },
  { collection, keys: { recovery_status: 1, ...newestFirst } },
  { collection, keys: { group_id: 1, ...newestFirst } },
];
