import { Mongoose, type Connection } from 'mongoose';
import type { Store } from './store.js';

/** What the schema of every model says beside its fields. */
export const modelOptions = {
  // A change made on an outdated reading is noticed.
  versionKey: 'version',
  optimisticConcurrency: true,
  strict: 'throw',
  // An empty object is a value, and is not left out.
  minimize: false,
} as const;

/**
 * The mongoose connection of a service with models, over the client that its store has: one pool for whatever goes by models and
 * whatever goes by the driver. It has a door of its own: loading mongoose takes about 90 ms of processor time at each start,
 * which a service without models need not spend.
 */
export function modelsOf(store: Store): Connection {
  const mongoose = new Mongoose({
    // Indexes and collections are made by ensureIndexes at the start, and by migrations.
    autoIndex: false,
    autoCreate: false,
    // What waits for a database that is away is decided by whoever asks, as with the driver.
    bufferCommands: false,
    strictQuery: 'throw',
  });
  return mongoose.createConnection().setClient(store.client).useDb(store.db.databaseName);
}
