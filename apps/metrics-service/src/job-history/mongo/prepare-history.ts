import { ensureIndexes, ensureRetention, untilReachable, type Store } from '@kintsugi/persistence';
import {
  bundleIndex,
  creationIndex,
  filterFields,
  filterIndex,
  historyCollection,
  labelIndex,
  uncompletedIndex,
  type FilterField,
} from './job-indexes.js';
import { columnsIndex } from './mongo-hour-columns.js';

export interface HistorySettings {
  /** Days after its end for which a job is remembered. */
  retentionDays: number;
  /** Filters that have an index of their own. */
  indexedFilters: readonly FilterField[];
}

/** Brings the history's indexes to what the settings say, also where they said something else before. */
export async function prepareHistory(store: Store, { retentionDays, indexedFilters }: HistorySettings): Promise<void> {
  await ensureIndexes(store, [
    creationIndex,
    uncompletedIndex,
    labelIndex,
    bundleIndex,
    columnsIndex,
    ...indexedFilters.map(filterIndex),
  ]);
  await ensureRetention(store, { collection: historyCollection, field: 'finished_at', days: retentionDays });
  const collection = store.collection(historyCollection);
  const present = await untilReachable(() => collection.indexes());
  const dropped = filterFields.filter((field) => !indexedFilters.includes(field) && present.some(({ name }) => name === field));
  for (const field of dropped) await untilReachable(() => collection.dropIndex(field));
}
