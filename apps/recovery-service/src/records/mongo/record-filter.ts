import type { Filter } from 'mongodb';
import { withoutGaps } from '@kintsugi/contracts';
import type { StoredErrorRecord } from '../domain/error-record.js';
import type { ErrorRecordFilter } from '../error-record-search.js';
import { ofTenant } from './error-record-collection.js';

/** Records that are as a filter says. */
export function recordsAs({
  error_record_id: id,
  tenant,
  error_type,
  text,
  from,
  to,
  label,
  ...filter
}: ErrorRecordFilter): Filter<StoredErrorRecord> {
  const parts: Filter<StoredErrorRecord>[] = [withoutGaps(filter), ofTenant(tenant)];
  if (id !== undefined) parts.push({ _id: id });
  if (error_type !== undefined) parts.push({ error_type: typesLike(error_type) });
  if (from !== undefined) parts.push({ timestamp: { $gte: from } });
  if (to !== undefined) parts.push({ timestamp: { $lt: to } });
  // A key may have dots, which a path would take for steps.
  if (label) {
    const field = { $getField: { field: { $literal: label.key }, input: '$labels' } };
    parts.push({ $expr: { $eq: [field, { $literal: label.value }] } });
  }
  if (text !== undefined) {
    const found = { $regex: text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), $options: 'i' };
    parts.push({ $or: [{ error_message: found }, { stack_trace: found }] });
  }
  return { $and: parts };
}

/** A type, or those that begin with a prefix: a range of the index, up to the prefix with the last of all characters behind it. */
export function typesLike(pattern: string): string | { $gte: string; $lt: string } {
  if (!pattern.endsWith('*')) return pattern;
  const start = pattern.slice(0, -1);
  return { $gte: start, $lt: `${start}\u{10ffff}` };
}
