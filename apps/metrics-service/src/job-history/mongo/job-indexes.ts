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

/** What is looked for by an index of its own, which may be missing or still being made; `creation` where no other one fits. */
export type IndexedField = FilterField | 'label' | 'tenant' | BaseIndex;

/** Without which nothing is read. */
export const baseIndexes = ['creation', 'bundle'] as const;

type BaseIndex = (typeof baseIndexes)[number];

type NamedIndex = IndexDefinition & { options: { name: string } };

/** Read backwards. */
const byCreation = { 'head.created_at': 1, _id: 1 } as const;

/** Only rows that have the field are in this index: most jobs complete. */
export const uncompletedIndex: NamedIndex = {
  collection: historyCollection,
  keys: { uncompleted_status: 1, ...byCreation },
  options: { name: 'uncompleted_status', partialFilterExpression: { uncompleted_status: { $exists: true } } },
};

/** Where it is looked for by itself, an index tells of each page whether one job is on it: totals read no other. */
const andAlone = { ...byCreation, alone: 1 } as const;

/** Where nobody has tenants none is in their index; many jobs have no labels. */
const placeOf: Record<'label' | 'tenant', { key: string; some: Document }> = {
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
  if (field === 'bundle') {
    // Pages of more than one job, by what the ids of these have in common.
    const options = { name, partialFilterExpression: { bundle: { $exists: true } } };
    return { collection: historyCollection, keys: { bundle: 1, places: 1 }, options };
  }
  if (field === 'creation') {
    const { alone, ...keys } = andAlone;
    const fields = Object.fromEntries(filterFields.map((one) => [`head.${one}`, 1]));
    return { collection: historyCollection, keys: { ...keys, ...fields, alone }, options: { name } };
  }
  if (field !== 'label' && field !== 'tenant') {
    return { collection: historyCollection, keys: { [`head.${field}`]: 1, ...andAlone }, options: { name } };
  }
  const { key, some } = placeOf[field];
  return { collection: historyCollection, keys: { [key]: 1, ...andAlone }, options: { name, partialFilterExpression: some } };
}

/** What the version before reads, and this one until it has made its own. */
export function formerNameOf(field: IndexedField): string {
  return field === 'label' ? 'label_pairs' : field;
}
