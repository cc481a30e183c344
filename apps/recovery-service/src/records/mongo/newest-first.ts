import type { Filter } from 'mongodb';
import type { StoredErrorRecord } from '../domain/error-record.js';
import type { ErrorRecordPlace } from '../error-record-search.js';

/** The order in which error records are read: newest first, by id where many have one time. */
export const newestFirst = { timestamp: -1, _id: -1 } as const;

/** What comes after a place; everything for none. */
export function after(place: ErrorRecordPlace | null): Filter<StoredErrorRecord> {
  if (!place) return {};
  const { timestamp, id } = place;
  return { timestamp: { $lte: timestamp }, $or: [{ timestamp: { $lt: timestamp } }, { _id: { $lt: id } }] };
}

/** What comes before a place, or is there; everything for none. */
export function upTo(place: ErrorRecordPlace | null): Filter<StoredErrorRecord> {
  if (!place) return {};
  const { timestamp, id } = place;
  return { timestamp: { $gte: timestamp }, $or: [{ timestamp: { $gt: timestamp } }, { _id: { $gte: id } }] };
}
