import { DEFAULT_TENANT } from '@kintsugi/contracts';
import type { IndexDefinition } from '@kintsugi/persistence';
import type { Document } from 'mongodb';

export const historyCollection = 'job_history';

/**
 * Fields that may have an index of their own at a price, about 4 us of the database's time for each job; from the
 * most telling to the least. The others are looked for in the creation index, key by key.
 */
export const filterFields = ['sending_group_id', 'user_id', 'product_id', 'type'] as const;

export type FilterField = (typeof filterFields)[number];

/** What is looked for by an index of its own, which may be missing or still being made. */
export type IndexedField = FilterField | 'label' | 'tenant';

type NamedIndex = IndexDefinition & { options: { name: string } };

/** Read backwards. */
const byCreation = { 'head.created_at': 1, _id: 1 } as const;

/** What a list is read from where no better index fits. */
export const creationIndex: NamedIndex = {
  collection: historyCollection,
  keys: { ...byCreation, ...Object.fromEntries(filterFields.map((field) => [`head.${field}`, 1])) },
  options: { name: 'creation' },
};

/** Only rows that have the field are in this index: most jobs complete. */
export const uncompletedIndex: NamedIndex = {
  collection: historyCollection,
  keys: { uncompleted_status: 1, ...byCreation },
  options: { name: 'uncompleted_status', partialFilterExpression: { uncompleted_status: { $exists: true } } },
};

/** Pages of more than one job, by what the ids of these have in common. */
export const bundleIndex: NamedIndex = {
  collection: historyCollection,
  keys: { bundle: 1 },
  options: { name: 'bundle', partialFilterExpression: { bundle: { $exists: true } } },
};

/** Where it is long enough by itself to be looked for, an index tells of each page whether one job is on it: totals read no other. */
const andAlone = { ...byCreation, alone: 1 } as const;

/** Where nobody has tenants none is in their index; many jobs have no labels. */
const placeOf: Record<Exclude<IndexedField, FilterField>, { key: string; some: Document }> = {
  label: { key: 'label_pairs', some: { label_pairs: { $exists: true } } },
  tenant: {
    key: 'head.tenant',
    some: { $or: [{ 'head.tenant': { $lt: DEFAULT_TENANT } }, { 'head.tenant': { $gt: DEFAULT_TENANT } }] },
  },
};

export function indexNameOf(field: IndexedField): string {
  return `by_${field}`;
}

export function fieldIndex(field: IndexedField): NamedIndex {
  const name = indexNameOf(field);
  if (field !== 'label' && field !== 'tenant') {
    return { collection: historyCollection, keys: { [`head.${field}`]: 1, ...andAlone }, options: { name } };
  }
  const { key, some } = placeOf[field];
  return { collection: historyCollection, keys: { [key]: 1, ...andAlone }, options: { name, partialFilterExpression: some } };
}

/** From before indexes told whether a job is alone on its page. */
export const formerIndexes: readonly string[] = [...filterFields, 'label_pairs'];
