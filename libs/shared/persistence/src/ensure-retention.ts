import { MongoServerError } from 'mongodb';
import { ensureIndexes, untilReachable } from './ensure-indexes.js';
import type { Store } from './store.js';

export interface Retention {
  collection: string;
  /** The date from which a document is kept on; one without it is kept for good. */
  field: string;
  days: number;
}

const name = 'retention';
const indexExistsOtherwise = 85;
const secondsPerDay = 86_400;

/** Has documents removed some days after a date of theirs, also where it was another number of days before. */
export async function ensureRetention(store: Store, { collection, field, days }: Retention): Promise<void> {
  const expireAfterSeconds = Math.round(days * secondsPerDay);
  try {
    await ensureIndexes(store, [{ collection, keys: { [field]: 1 }, options: { name, expireAfterSeconds, sparse: true } }]);
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== indexExistsOtherwise) throw error;
    await untilReachable(() => store.db.command({ collMod: collection, index: { name, expireAfterSeconds } }));
  }
}
