import { MongoServerError } from 'mongodb';
import { ensureIndexes, untilReachable, type Store } from '@kintsugi/persistence';
import {
  bundleIndex,
  creationIndex,
  filterFields,
  filterIndex,
  historyCollection,
  labelIndex,
  retentionIndex,
  uncompletedIndex,
  type FilterField,
} from './job-indexes.js';

export interface HistorySettings {
  retentionDays: number;
  /** Filters that have an index of their own. */
  indexedFilters: readonly FilterField[];
}

const indexExistsOtherwise = 85;
const secondsPerDay = 86_400;

/** Brings the history's indexes to what the settings say, also where they said something else before. */
export async function prepareHistory(store: Store, { retentionDays, indexedFilters }: HistorySettings): Promise<void> {
  await ensureIndexes(store, [creationIndex, uncompletedIndex, labelIndex, bundleIndex, ...indexedFilters.map(filterIndex)]);
  await keepFor(store, Math.round(retentionDays * secondsPerDay));
  const collection = store.collection(historyCollection);
  const present = await untilReachable(() => collection.indexes());
  const dropped = filterFields.filter((field) => !indexedFilters.includes(field) && present.some(({ name }) => name === field));
  for (const field of dropped) await untilReachable(() => collection.dropIndex(field));
}

async function keepFor(store: Store, seconds: number): Promise<void> {
  const index = retentionIndex(seconds);
  try {
    await ensureIndexes(store, [index]);
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== indexExistsOtherwise) throw error;
    const change = { collMod: historyCollection, index: { name: index.options.name, expireAfterSeconds: seconds } };
    await untilReachable(() => store.db.command(change));
  }
}
