import { MongoServerError } from 'mongodb';
import { inBackground } from '@kintsugi/boundary';
import { ensureIndexes, ensureRetention, untilReachable, type Store } from '@kintsugi/persistence';
import {
  bundleIndex,
  creationIndex,
  fieldIndex,
  filterFields,
  formerIndexes,
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
}

const indexNotFound = 27;

/** Pages beyond which new indexes take so long that nobody should wait for them: some seconds a million. */
const madeAtOnceMax = 20_000;

/**
 * Brings the history's indexes to what the settings say, also where they said something else before. Gives the fields whose index can
 * be read: of a long history the list grows later, for a start waits for none.
 */
export async function prepareHistory(
  store: Store,
  { retentionDays, indexedFilters }: HistorySettings,
): Promise<readonly IndexedField[]> {
  await ensureIndexes(store, [creationIndex, uncompletedIndex, bundleIndex, columnsIndex]);
  await ensureRetention(store, { collection: historyCollection, field: 'finished_at', days: retentionDays });
  const collection = store.collection(historyCollection);
  const present = await untilReachable(() => readableIndexes(store));
  const isPresent = (field: IndexedField): boolean => present.has(indexNameOf(field));
  const wanted: IndexedField[] = [...indexedFilters, 'label', 'tenant'];
  const indexed = wanted.filter(isPresent);
  const missing = wanted.filter((field) => !isPresent(field));
  const unwanted = filterFields.filter((field) => !wanted.includes(field)).map(indexNameOf);
  // Replicas of the version before may still read those that were before: they go at a start that finds all new ones.
  const dropped = [...unwanted, ...(missing.length === 0 ? formerIndexes : [])].filter((name) => present.has(name));
  for (const name of dropped) await untilReachable(() => collection.dropIndex(name).catch(unlessGone));
  const make = async (): Promise<void> => {
    await ensureIndexes(store, missing.map(fieldIndex));
    indexed.push(...missing);
  };
  const isLong = (await untilReachable(() => collection.estimatedDocumentCount())) > madeAtOnceMax;
  if (isLong && missing.length > 0) inBackground('history.indexes', make);
  else await make();
  return indexed;
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
