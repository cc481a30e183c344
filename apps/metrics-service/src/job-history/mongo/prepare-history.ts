import { setTimeout as delay } from 'node:timers/promises';
import { MongoServerError } from 'mongodb';
import { after, inBackground, noteEscaped } from '@kintsugi/boundary';
import { ensureIndexes, ensureRetention, untilReachable, type Store } from '@kintsugi/persistence';
import {
  baseIndexes,
  fieldIndex,
  filterFields,
  formerNameOf,
  historyCollection,
  indexNameOf,
  uncompletedIndex,
  type FilterField,
  type IndexedField,
} from './job-indexes.js';
import { columnsIndex } from './mongo-hour-columns.js';

export interface HistorySettings {
  /** Days after its end for which a job is remembered. */
  retentionDays: number;
  /** Filters that have an index of their own. */
  indexedFilters: readonly FilterField[];
  /** For how long what only the version before reads is kept beside all that is new: replicas of it may still run. */
  formerKeptMs?: number;
  /** After which indexes that could not be made are tried again. */
  retryMs?: number;
}

const indexNotFound = 27;
const upgradeMsMax = 3_600_000;
const retryMsDefault = 60_000;

/** Pages beyond which new indexes take so long that nobody should wait for them: some seconds a million. */
const madeAtOnceMax = 20_000;

/**
 * Brings the history's indexes to what the settings say, also where they said something else before. Gives the fields whose index can
 * be read: of a long history the list grows later, for a start waits for none.
 */
export async function prepareHistory(
  store: Store,
  { retentionDays, indexedFilters, formerKeptMs = upgradeMsMax, retryMs = retryMsDefault }: HistorySettings,
): Promise<readonly IndexedField[]> {
  await ensureIndexes(store, [uncompletedIndex, columnsIndex]);
  await ensureRetention(store, { collection: historyCollection, field: 'finished_at', days: retentionDays });
  const present = await untilReachable(() => readableIndexes(store));
  const isPresent = (field: IndexedField): boolean => present.has(indexNameOf(field));
  const wanted: IndexedField[] = [...baseIndexes, ...indexedFilters, 'label', 'tenant'];
  const indexed = wanted.filter(isPresent);
  const missing = wanted.filter((field) => !isPresent(field));
  const unwanted = filterFields.filter((field) => !wanted.includes(field)).map(indexNameOf);
  await drop(store, unwanted, present);
  const make = async (fields: readonly IndexedField[]): Promise<void> => {
    await ensureIndexes(store, fields.map(fieldIndex));
    indexed.push(...fields);
  };
  const canWait = (field: IndexedField): boolean =>
    !(baseIndexes as readonly IndexedField[]).includes(field) || present.has(formerNameOf(field));
  const later = (await isLong(store)) ? missing.filter(canWait) : [];
  await make(missing.filter((field) => !later.includes(field)));
  if (later.length > 0) inBackground('history.indexes', () => untilMade(() => make(later), retryMs));
  // They go from a start on that finds all new ones.
  const former = [...baseIndexes, ...filterFields, 'label' as const].map(formerNameOf);
  if (missing.length === 0) after('history.former-indexes', formerKeptMs, () => drop(store, former, present)).unref();
  return indexed;
}

async function isLong(store: Store): Promise<boolean> {
  return (await untilReachable(() => store.collection(historyCollection).estimatedDocumentCount())) > madeAtOnceMax;
}

async function untilMade(make: () => Promise<void>, retryMs: number): Promise<void> {
  for (;;) {
    try {
      return await make();
    } catch (error) {
      noteEscaped('history.indexes', error);
      await delay(retryMs, undefined, { ref: false });
    }
  }
}

async function drop(store: Store, names: readonly string[], present: ReadonlySet<string>): Promise<void> {
  const collection = store.collection(historyCollection);
  for (const name of names.filter((one) => present.has(one))) {
    await untilReachable(() => collection.dropIndex(name).catch(unlessGone));
  }
}

/** Names of those that are made. A list of indexes has those too that are still being made, here or by another replica. */
async function readableIndexes(store: Store): Promise<ReadonlySet<string>> {
  const listed = await store.collection(historyCollection).indexes();
  const stats = (await store.db.command({ collStats: historyCollection })) as { indexBuilds?: string[] };
  const underWay = new Set(stats.indexBuilds);
  return new Set(listed.map(({ name }) => name ?? '').filter((name) => !underWay.has(name)));
}

/** Another replica may have dropped it at this very moment. */
function unlessGone(error: unknown): void {
  if (!(error instanceof MongoServerError) || error.code !== indexNotFound) throw error;
}
