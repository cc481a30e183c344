import type { Binary, Collection, Document, Filter, UpdateFilter } from 'mongodb';
import { v7 as uuidv7 } from 'uuid';
import type { IndexDefinition, Store } from '@kintsugi/persistence';
import type { StoredErrorRecord } from '../domain/error-record.js';
import { announcedHours, changeMsMax } from '../domain/failure-hours.js';

/** Columns of some of the records of an hour. */
export interface LaidPart {
  packed: Binary;
  /** How long it is, unpacked. */
  bytes: number;
}

/** An hour of failures, by when tasks failed last. What is laid down of it holds for as long as nobody changes its records. */
export interface FailureHour {
  /** Epoch milliseconds of its start. */
  _id: number;
  /** Another one with each change that is announced: what is laid down from an older reading is not taken. */
  changed: string;
  /** Since when it waits to be laid down, by the clock of the database. */
  stale_since?: Date;
  block?: LaidPart[];
  /** When the first of its records was closed, in epoch milliseconds. */
  first_closed_at?: number;
  /** Which sieve it has, and of which version it is. */
  sieve?: string;
  /** The records of the sieve, by their places in it. */
  sieve_ids?: Binary;
  /** When it was found to have more records than are laid down: changes leave that. */
  large_since?: Date;
}

type Placed = Pick<StoredErrorRecord, '_id' | 'timestamp'>;

const recordsPerPage = 2_000;
const collection = 'failure_hours';
const sparse = { sparse: true } as const;

/** Which sieves there are is read from the index alone. */
export const sievesByHour = { _id: -1, changed: 1, sieve: 1 } as const;

export const failureHourIndexes: IndexDefinition[] = [
  { collection, keys: { stale_since: 1 }, options: sparse },
  { collection, keys: { first_closed_at: 1 }, options: sparse },
  { collection, keys: sievesByHour },
];

export function failureHoursOf(store: Store): Collection<FailureHour> {
  return store.collection<FailureHour>(collection);
}

/**
 * Makes a change of records whose tasks failed, or will have failed, at some times. What is laid down of hours of the past goes
 * before it and, should somebody have laid it down meanwhile, after it, also where it fails. Recent hours, and with them nearly
 * every change, cost nothing.
 */
export async function changingHours<Result>(
  hours: Collection<FailureHour>,
  times: Iterable<string>,
  change: () => Promise<Result>,
): Promise<Result> {
  const past = announcedHours(times, Date.now());
  await announce(hours, past);
  const startedAt = performance.now();
  try {
    return await change();
  } finally {
    await announce(hours, past).catch((error: unknown) => {
      // Nobody lays down an hour so soon after the first announcement: until then the second one adds nothing.
      if (performance.now() - startedAt > changeMsMax) throw error;
    });
  }
}

/**
 * Changes all records that a filter finds, however many those are: some at a time, each time with announcements of their own, so
 * that no change comes near the time after which its hours are laid down. The database ends by itself what does.
 */
export async function changeInPages(
  { records, hours }: { records: Collection<StoredErrorRecord>; hours: Collection<FailureHour> },
  filter: Filter<StoredErrorRecord>,
  update: UpdateFilter<StoredErrorRecord> | Document[],
  pageSize = recordsPerPage,
): Promise<number> {
  const found = records.find(filter).project<Placed>({ timestamp: 1 }).batchSize(pageSize);
  let modified = 0;
  for await (const page of pagesOf(found, pageSize)) {
    const some = { $and: [filter, { _id: { $in: page.map(({ _id }) => _id) } }] };
    const times = page.map(({ timestamp }) => timestamp);
    const change = () => records.updateMany(some, update, { hint: { _id: 1 }, maxTimeMS: changeMsMax });
    modified += (await changingHours(hours, times, change)).modifiedCount;
  }
  return modified;
}

async function* pagesOf<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<Item[], void, undefined> {
  let page: Item[] = [];
  for await (const item of items) {
    if (page.push(item) < size) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

async function announce(hours: Collection<FailureHour>, past: readonly number[]): Promise<void> {
  if (past.length === 0) return;
  const gone = { block: '', first_closed_at: '', sieve_ids: '' } as const;
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
