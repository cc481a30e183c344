import type { Collection } from 'mongodb';
import { isDuplicateKey } from '../duplicate-key.js';
import { durable, type Store } from '../store.js';
import type { DatabaseSchema } from './database-schema.js';

interface SchemaRecord {
  _id: 'schema';
  version: number;
  /** The migrations that led here, in order. */
  applied: { version: number; name: string; at: Date }[];
  /** Present while a backup is put in its place. */
  restoring?: true;
}

export interface SchemaState {
  /** The whole name of the database. */
  database: string;
  version: number;
  /** The version that this program knows. */
  known: number;
  status: 'current' | 'pending' | 'newer' | 'restoring';
  /** Names of the migrations that are still to run, in order. */
  pending: string[];
}

const recordId = 'schema';
/** It is restored last: until then a database is marked as one that is not whole. */
export const versionCollection = 'schema_version';

const records = (store: Store): Collection<SchemaRecord> => store.collection<SchemaRecord>(versionCollection);

/** How a database stands to what a program expects of it. Reads only. */
export async function schemaStateOf(store: Store, schema: DatabaseSchema): Promise<SchemaState> {
  return (await readSchema(store, schema)).state;
}

/** The same, and whether the database holds its version itself: one that does is read once. */
export async function readSchema(store: Store, { migrations }: DatabaseSchema): Promise<{ state: SchemaState; isHeld: boolean }> {
  const known = migrations.length;
  let held = await recordIn(store);
  const isNew = held === null && (await isEmpty(store));
  // It may have been begun, with its version, between the two looks.
  if (held === null && !isNew) held = await recordIn(store);
  const version = held?.version ?? (isNew ? known : 0);
  const state: SchemaState = {
    database: store.db.databaseName,
    version,
    known,
    status: held?.restoring ? 'restoring' : version === known ? 'current' : version < known ? 'pending' : 'newer',
    pending: migrations.slice(version).map(({ name }) => name),
  };
  return { state, isHeld: held !== null };
}

/** Has the database hold its version, where it holds none yet. */
export async function keepVersion(store: Store, version: number): Promise<void> {
  try {
    await records(store).updateOne({ _id: recordId }, { $setOnInsert: { version, applied: [] } }, { upsert: true, ...durable });
  } catch (error) {
    // Another replica has kept it at this very moment.
    if (!isDuplicateKey(error)) throw error;
  }
}

/** Notes that a migration has led from a version to the next; false when another has noted it before. */
export async function noteMigration(store: Store, from: number, name: string): Promise<boolean> {
  const version = from + 1;
  const { matchedCount } = await records(store).updateOne(
    { _id: recordId, version: from },
    { $set: { version }, $push: { applied: { version, name, at: new Date() } } },
    durable,
  );
  return matchedCount === 1;
}

/** Has no program take a database for whole before its version is restored, which comes last. */
export async function markRestoring(store: Store): Promise<void> {
  const mark = { $set: { restoring: true as const }, $setOnInsert: { version: 0, applied: [] } };
  await records(store).updateOne({ _id: recordId }, mark, { upsert: true, ...durable });
}

/** Takes the mark away where a backup has no version. */
export async function unmarkRestoring(store: Store): Promise<void> {
  await records(store).deleteOne({ _id: recordId, restoring: true }, durable);
}

function recordIn(store: Store): Promise<SchemaRecord | null> {
  return records(store).findOne({ _id: recordId });
}

/** A database without a collection holds nothing that a migration could change. */
async function isEmpty(store: Store): Promise<boolean> {
  return (await store.db.listCollections({}, { nameOnly: true }).toArray()).length === 0;
}
