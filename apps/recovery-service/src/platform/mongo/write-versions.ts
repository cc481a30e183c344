import type { AnyBulkWriteOperation, Collection } from 'mongodb';
import { duplicatesIn } from '@kintsugi/persistence';
import { differenceOf } from '../domain/difference.js';

interface Versioned {
  _id: string;
  version: number;
}

interface Change<Document> {
  previous: Document | null;
  next: Document;
}

/**
 * Writes changes of documents in one group: each begins one that is not there, or replaces the version that it was computed
 * from. False when some had changed since they were read; the others are written.
 */
export function writeVersions<Document extends Versioned>(
  collection: Collection<Document>,
  changes: readonly Change<Document>[],
): Promise<boolean> {
  return written(
    collection,
    changes.map(({ previous, next }) =>
      previous
        ? { replaceOne: { filter: { _id: next._id, version: previous.version }, replacement: next } }
        : { insertOne: { document: next } },
    ),
    changes.length,
  );
}

/**
 * The same for very many documents, where `previous` is what was read: only what differs from it is written. What has changed
 * alike is one operation: one for each document costs the database twice as much.
 */
export function writeDifferences<Document extends Versioned>(
  collection: Collection<Document>,
  changes: readonly Change<Document>[],
): Promise<boolean> {
  return written(collection, differencesOf(changes), changes.length);
}

async function written<Document extends Versioned>(
  collection: Collection<Document>,
  operations: readonly unknown[],
  count: number,
): Promise<boolean> {
  if (count === 0) return true;
  try {
    const result = await collection.bulkWrite(operations as AnyBulkWriteOperation<Document>[], { ordered: false });
    return result.insertedCount + result.matchedCount === count;
  } catch (error) {
    duplicatesIn(error);
    return false;
  }
}

function differencesOf<Document extends Versioned>(changes: readonly Change<Document>[]): unknown[] {
  const inserts: unknown[] = [];
  const alike = new Map<string, { ids: string[]; version: number; update: object }>();
  for (const { previous, next } of changes) {
    if (!previous) {
      inserts.push({ insertOne: { document: next } });
      continue;
    }
    const { set, unset } = differenceOf(previous, next);
    const gone = unset.length > 0 ? { $unset: Object.fromEntries(unset.map((field) => [field, ''])) } : {};
    const update = { $set: set, ...gone };
    const key = `${previous.version} ${JSON.stringify(update)}`;
    const known = alike.get(key);
    if (known) known.ids.push(next._id);
    else alike.set(key, { ids: [next._id], version: previous.version, update });
  }
  const updates = [...alike.values()].map(({ ids, version, update }) => ({
    // The driver repeats what changes one document when the connection is cut, and nothing that changes many.
    [ids.length === 1 ? 'updateOne' : 'updateMany']: { filter: { _id: { $in: ids }, version }, update },
  }));
  return [...inserts, ...updates];
}
