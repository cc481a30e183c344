import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { createZstdDecompress } from 'node:zlib';
import { markRestoring, unmarkRestoring, versionCollection } from '../schema/schema-version.js';
import { durable, type Store } from '../store.js';
import { BSON, type Document, type IndexDescription } from 'mongodb';
import { BackupError } from './backup-error.js';
import { exact } from './back-up.js';
import { manifestName, manifestSchema, type BackedUpCollection, type BackupManifest } from './backup-manifest.js';
import { NoDocumentsError, documentsIn } from './bson-documents.js';
import { ownDatabases } from './own-databases.js';

export interface RestoreOrder {
  server: Store;
  /** Of the databases that it is restored into. */
  prefix: string;
  folder: string;
  manifest: BackupManifest;
  /** Whether what is in these databases may go. */
  force: boolean;
  signal: AbortSignal;
  onProgress: (at: { collection: string; documents: number }) => void;
}

const batchDocuments = 1_000;
const batchBytes = 8 * 1024 * 1024;
const namespaceExists = 48;
const renewalMs = 3_000;

/** What a folder holds, once every file is found to be as it was written. */
export async function checkBackup(folder: string, signal: AbortSignal): Promise<BackupManifest> {
  const manifest = await readManifest(folder);
  for (const { file, sha256 } of manifest.collections) {
    const hash = createHash('sha256');
    try {
      await pipeline(createReadStream(join(folder, file)), hash, { signal });
    } catch (error) {
      if (signal.aborted) throw error;
      throw unusable(`${join(folder, file)} cannot be read: ${(error as Error).message}.`);
    }
    if (hash.digest('hex') !== sha256) throw unusable(`${join(folder, file)} is not as it was written.`);
  }
  return manifest;
}

/**
 * Puts the databases of a backup in place of what is there, which has to be nothing, or may go by force. Where it is broken
 * off, what was restored so far is taken away again: a database is whole or empty, or marked as neither.
 */
export async function restore(order: RestoreOrder): Promise<void> {
  const { server, prefix, manifest, force, signal } = order;
  const databases = [...new Set(manifest.collections.map(({ database }) => nameIn(prefix, manifest, database)))];
  const present = await ownDatabases(server, prefix);
  if (present.length > 0 && !force) {
    throw new BackupError(
      `There is data already: ${present.join(', ')}.`,
      'Restore into another --home or with another DATABASE_PREFIX, or let it go with --force.',
    );
  }
  if (await areUsed(server, present)) {
    throw new BackupError(`Services work on ${present.join(', ')}.`, 'Stop them, and restore then.');
  }
  signal.throwIfAborted();
  try {
    await clear(server, present, databases);
    for (const collection of wholeLast(manifest.collections)) await restoreCollection(order, collection);
    for (const name of databases) await unmarkRestoring(server.beside(name));
  } catch (error) {
    for (const name of new Set([...present, ...databases])) await server.client.db(name).dropDatabase();
    throw error;
  }
}

/**
 * Drops what is there and marks what comes in its place. A restore that is killed can take nothing away again: at least one database is
 * marked from here to the end, so that no platform starts on a part of the data.
 */
async function clear(server: Store, present: string[], databases: string[]): Promise<void> {
  for (const name of present) await markRestoring(server.beside(name));
  for (const name of present) {
    await server.client.db(name).dropDatabase();
    if (databases.includes(name)) await markRestoring(server.beside(name));
  }
  for (const name of databases) await markRestoring(server.beside(name));
}

/** By its version, which takes the place of the mark, a database is told to be whole. */
function wholeLast(collections: readonly BackedUpCollection[]): BackedUpCollection[] {
  const isVersion = ({ collection }: BackedUpCollection): boolean => collection === versionCollection;
  return [...collections.filter((each) => !isVersion(each)), ...collections.filter(isVersion)];
}

/** Whoever leads renews its lease several times in that time. */
async function areUsed(server: Store, databases: string[]): Promise<boolean> {
  if (databases.length === 0) return false;
  const leases = async (): Promise<string> => {
    const lists = await Promise.all(
      databases.map((name) => server.client.db(name).collection('leases').find().sort({ _id: 1 }).toArray()),
    );
    return BSON.EJSON.stringify(lists);
  };
  const before = await leases();
  await delay(renewalMs);
  return (await leases()) !== before;
}

async function restoreCollection(order: RestoreOrder, kept: BackedUpCollection): Promise<void> {
  const { server, prefix, folder, manifest, signal, onProgress } = order;
  const db = server.client.db(nameIn(prefix, manifest, kept.database));
  const options = BSON.EJSON.deserialize(kept.options) as Document;
  await db.createCollection(kept.collection, options).catch((error: { code?: number }) => {
    if (error.code !== namespaceExists) throw error as Error;
  });
  const collection = db.collection(kept.collection);
  const place = { collection: `${kept.database}.${kept.collection}`, documents: 0 };
  onProgress(place);
  const insert = async (batch: Document[]): Promise<void> => {
    signal.throwIfAborted();
    const how = { ordered: true, writeConcern: durable.writeConcern, bypassDocumentValidation: true };
    if (kept.collection === versionCollection) await collection.bulkWrite(batch.map(inPlaceOfMark), how);
    else await collection.insertMany(batch, how);
    place.documents += batch.length;
    onProgress(place);
  };
  let batch: Document[] = [];
  let bytes = 0;
  try {
    await pipeline(createReadStream(join(folder, kept.file)), createZstdDecompress(), async (unpacked) => {
      for await (const document of documentsIn(unpacked as AsyncIterable<Uint8Array>)) {
        batch.push(BSON.deserialize(document, exact));
        bytes += document.length;
        if (batch.length < batchDocuments && bytes < batchBytes) continue;
        await insert(batch);
        batch = [];
        bytes = 0;
      }
    });
  } catch (error) {
    throw error instanceof NoDocumentsError ? unusable(`${kept.file}: ${error.message}`) : error;
  }
  if (batch.length > 0) await insert(batch);
  if (place.documents !== kept.documents) throw unusable(`${kept.file} holds ${place.documents} documents of ${kept.documents}.`);
  const indexes = kept.indexes.filter(({ name }) => name !== '_id_').map(indexOf);
  if (indexes.length > 0) await collection.createIndexes(indexes);
}

function inPlaceOfMark(document: Document) {
  return { replaceOne: { filter: { _id: document['_id'] as never }, replacement: document, upsert: true } };
}

/** What `createIndexes` takes of what `listIndexes` tells. */
function indexOf(told: Record<string, unknown>): IndexDescription {
  const { v: _version, ns: _namespace, ...index } = BSON.EJSON.deserialize(told) as Document;
  return index as IndexDescription;
}

function nameIn(prefix: string, manifest: BackupManifest, database: string): string {
  return `${prefix}${database.slice(manifest.prefix.length)}`;
}

async function readManifest(folder: string): Promise<BackupManifest> {
  let text: string;
  try {
    text = await readFile(join(folder, manifestName), 'utf8');
  } catch {
    throw unusable(`${folder} is no backup: it has no ${manifestName}, which is written last.`);
  }
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    throw unusable(`${join(folder, manifestName)} is not what kintsugi backup writes.`);
  }
}

function unusable(message: string): BackupError {
  return new BackupError(message, 'Use another backup. Nothing was changed by this one.');
}
