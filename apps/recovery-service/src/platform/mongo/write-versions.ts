import type { AnyBulkWriteOperation, Collection, Filter } from 'mongodb';
import { duplicatesIn } from '@kintsugi/persistence';

interface Versioned {
  _id: string;
  version: number;
}

/**
 * Writes changes of documents in one group: each begins one that is not there, or replaces the version that it was computed
 * from. False when some had changed since they were read; the others are written.
 */
export async function writeVersions<Document extends Versioned>(
  collection: Collection<Document>,
  changes: readonly { previous: Document | null; next: Document }[],
): Promise<boolean> {
  if (changes.length === 0) return true;
  const operations = changes.map(({ previous, next }) => {
    if (!previous) return { insertOne: { document: next } };
    const { _id, ...replacement } = next;
    return { replaceOne: { filter: { _id, version: previous.version } as Filter<Document>, replacement } };
  });
  try {
    const written = await collection.bulkWrite(operations as AnyBulkWriteOperation<Document>[], { ordered: false });
    return written.insertedCount + written.matchedCount === changes.length;
  } catch (error) {
    duplicatesIn(error);
    return false;
  }
}
