import type { Filter } from 'mongodb';
import type { StoredErrorRecord } from '../domain/error-record.js';

/** The order in which error records are read: newest first, by id where many have one time. */
export const newestFirst = { timestamp: -1, _id: -1 } as const;

/** The place of a record in that order. */
export interface ErrorRecordPlace {
  timestamp: string;
  id: string;
}

/** What comes after a place; everything for none. */
export function after(place: ErrorRecordPlace | null): Filter<StoredErrorRecord> {
  if (!place) return {};
  const { timestamp, id } = place;
  return { timestamp: { $lte: timestamp }, $or: [{ timestamp: { $lt: timestamp } }, { _id: { $lt: id } }] };
}
