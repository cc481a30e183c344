import type { Binary, Collection, Document, Filter } from 'mongodb';
import { v7 as uuidv7 } from 'uuid';
import type { IndexDefinition, Store } from '@kintsugi/persistence';
import type { StoredErrorRecord } from '../domain/error-record.js';
import { announcedHours } from '../domain/failure-hours.js';

/** An hour of failures, by when tasks failed last. What is laid down of it holds for as long as nobody changes its records. */
export interface FailureHour {
  /** Epoch milliseconds of its start. */
  _id: number;
  /** Another one with each change that is announced: what is laid down from an older reading is not taken. */
  changed: string;
  /** Since when it waits to be laid down, by the clock of the database. */
  stale_since?: Date;
  block?: Binary;
  /** How long the block is, unpacked. */
  bytes?: number;
  /** When the first of its records was closed, in epoch milliseconds. */
  first_closed_at?: number;
  /** It has more records than are laid down. */
  is_large?: true;
}

const collection = 'failure_hours';
const sparse = { sparse: true } as const;

export const failureHourIndexes: IndexDefinition[] = [
  { collection, keys: { stale_since: 1 }, options: sparse },
  { collection, keys: { first_closed_at: 1 }, options: sparse },
];

export function failureHoursOf(store: Store): Collection<FailureHour> {
  return store.collection<FailureHour>(collection);
}

/**
 * Makes a change of records whose tasks failed, or will have failed, at some times. What is laid down of hours of the past goes
 * before it and, should somebody have laid it down meanwhile, after it. Recent hours, and with them nearly every change, cost nothing.
 */
export async function changingHours<Result>(
  hours: Collection<FailureHour>,
  times: Iterable<string>,
  change: () => Promise<Result>,
): Promise<Result> {
  const past = announcedHours(times, Date.now());
  await announce(hours, past);
  const result = await change();
  await announce(hours, past);
  return result;
}

async function announce(hours: Collection<FailureHour>, past: readonly number[]): Promise<void> {
  if (past.length === 0) return;
  const gone = { block: '', bytes: '', first_closed_at: '', is_large: '' } as const;
  const operations = past.map((hour) => ({
    updateOne: {
      filter: { _id: hour },
      update: { $set: { changed: uuidv7() }, $currentDate: { stale_since: true }, $unset: gone } as const,
      upsert: true,
    },
  }));
  await hours.bulkWrite(operations, { ordered: false });
}

/** A time in each hour in which records have failed last, for those who change records without having read them. */
export async function timesOf(records: Collection<StoredErrorRecord>, filter: Filter<StoredErrorRecord>): Promise<string[]> {
  // Times are texts that begin with the hour.
  const hour: Document = { $substrBytes: ['$timestamp', 0, '2026-11-28T06'.length] };
  const found = await records.aggregate<{ _id: string }>([{ $match: filter }, { $group: { _id: hour } }]).toArray();
  return found.map(({ _id }) => `${_id}:00:00.000Z`);
}
