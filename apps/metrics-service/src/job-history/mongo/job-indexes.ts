import type { IndexDefinition } from '@kintsugi/persistence';

export const historyCollection = 'job_history';

/**
 * Fields that may have an index of their own at a price, about 4 us of the database's time for each job; from the
 * most telling to the least. The others are looked for in the creation index, key by key.
 */
export const filterFields = ['sending_group_id', 'user_id', 'product_id', 'type'] as const;

export type FilterField = (typeof filterFields)[number];

type NamedIndex = IndexDefinition & { options: { name: string } };

/** Read backwards. */
const byCreation = { 'head.created_at': 1, _id: 1 } as const;

/** What a list is read from where no better index fits. */
export const creationIndex: NamedIndex = {
  collection: historyCollection,
  keys: { ...byCreation, ...Object.fromEntries(filterFields.map((field) => [`head.${field}`, 1])) },
  options: { name: 'creation' },
};

/** Only rows that have the field are in this index and the next: most jobs complete, and many have no labels. */
export const uncompletedIndex: NamedIndex = {
  collection: historyCollection,
  keys: { uncompleted_status: 1, ...byCreation },
  options: { name: 'uncompleted_status', partialFilterExpression: { uncompleted_status: { $exists: true } } },
};

export const labelIndex: NamedIndex = {
  collection: historyCollection,
  keys: { label_pairs: 1, ...byCreation },
  options: { name: 'label_pairs', partialFilterExpression: { label_pairs: { $exists: true } } },
};

/** Pages of more than one job, by what the ids of these have in common. */
export const bundleIndex: NamedIndex = {
  collection: historyCollection,
  keys: { bundle: 1 },
  options: { name: 'bundle', partialFilterExpression: { bundle: { $exists: true } } },
};

/** Its name is the field's. */
export function filterIndex(field: FilterField): NamedIndex {
  return { collection: historyCollection, keys: { [`head.${field}`]: 1, ...byCreation }, options: { name: field } };
}
