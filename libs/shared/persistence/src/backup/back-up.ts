import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import type { Store } from '../store.js';
import { ownDatabases } from './own-databases.js';
import { BSON, MongoServerError, type CollectionInfo, type Document, type Timestamp } from 'mongodb';
import { BackupError } from './backup-error.js';
import { manifestName, type BackedUpCollection, type BackupManifest } from './backup-manifest.js';

export interface BackupOrder {
  /** A connection to the servers of all databases. */
  server: Store;
  prefix: string;
  /** Where the backup goes: empty, or not there yet. */
  folder: string;
  signal: AbortSignal;
  /** Called before each collection, and as its documents are written. */
  onProgress: (at: { collection: string; documents: number }) => void;
}

/** How long MongoDB keeps what was, while a backup reads it. */
const historySeconds = 24 * 3_600;
const historyParameter = 'minSnapshotHistoryWindowInSeconds';
/** MongoDB's code for a collection or an index that is younger than the moment that is read. */
const snapshotUnavailable = 246;
const attemptsMax = 5;
const reportEvery = 10_000;

/** A collection was made, or its indexes were, while the backup began. */
class ChangedMeanwhile extends Error {
  override readonly name = 'ChangedMeanwhile';
}

/**
 * Writes all databases of an installation as they were at one moment to a folder, while it goes on. Everything is streamed.
 * The folder is readable by its owner only: it holds payloads and hashes of keys.
 */
export async function backUp(order: BackupOrder): Promise<BackupManifest> {
  await openFolder(order.folder);
  const { server } = order;
  const before = await keepHistory(server, historySeconds);
  try {
    const manifest = await backUpNow(order);
    await writeDurably(join(order.folder, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
    return manifest;
  } finally {
    if (before !== null) await keepHistory(server, before);
  }
}

async function backUpNow(order: BackupOrder): Promise<BackupManifest> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await readAll(order);
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile) || attempt === attemptsMax) throw error;
    }
  }
}

async function readAll(order: BackupOrder): Promise<BackupManifest> {
  const { server, prefix } = order;
  const named = await collectionsOf(server, prefix);
  const { operationTime } = (await server.db.command({ ping: 1 })) as { operationTime: Timestamp };
  const collections: BackedUpCollection[] = [];
  for (const { database, info } of named) collections.push(await readCollection(order, operationTime, database, info));
  const takenAt = new Date(operationTime.getHighBits() * 1_000);
  return { format: 'kintsugi-backup-1', prefix, taken_at: takenAt.toISOString(), collections };
}

interface NamedCollection {
  database: string;
  info: CollectionInfo;
}

async function collectionsOf(server: Store, prefix: string): Promise<NamedCollection[]> {
  const names = await ownDatabases(server, prefix);
  const lists = await Promise.all(
    names.map(async (database) => {
      const infos = await server.client.db(database).listCollections({}, { nameOnly: false }).toArray();
      const kept = infos.filter(({ name }) => !name.startsWith('system.'));
      return kept.map((info) => ({ database, info }));
    }),
  );
  return lists.flat();
}

async function readCollection(
  { server, folder, signal, onProgress }: BackupOrder,
  atClusterTime: Timestamp,
  database: string,
  { name, options = {} }: CollectionInfo,
): Promise<BackedUpCollection> {
  const db = server.client.db(database);
  const indexes = await db.collection(name).indexes();
  const file = `${database}.${name}.bson.zst`;
  const place = { collection: `${database}.${name}`, documents: 0 };
  const hash = createHash('sha256');
  let bytes = 0;
  const measured = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  async function* documents(): AsyncGenerator<Uint8Array> {
    const cursor = db.runCursorCommand(
      { find: name, readConcern: { level: 'snapshot', atClusterTime }, batchSize: 1_000 },
      exact,
    );
    for await (const document of cursor as AsyncIterable<Document>) {
      yield BSON.serialize(document);
      place.documents += 1;
      if (place.documents % reportEvery === 0) onProgress(place);
    }
  }
  onProgress(place);
  try {
    const target = createWriteStream(join(folder, file), { mode: 0o600, flush: true });
    await pipeline(Readable.from(documents()), createZstdCompress(), measured, target, { signal });
  } catch (error) {
    throw error instanceof MongoServerError && error.code === snapshotUnavailable ? new ChangedMeanwhile(name) : error;
  }
  return {
    ...{ database, collection: name, file, documents: place.documents, bytes, sha256: hash.digest('hex') },
    options: BSON.EJSON.serialize(options, { relaxed: false }),
    indexes: indexes.map((index) => BSON.EJSON.serialize(index, { relaxed: false })),
  };
}

/** Every value as the type that it has in the database. */
export const exact = { promoteValues: false, promoteBuffers: false, promoteLongs: false, bsonRegExp: true } as const;

/** Whoever may not say how long history is kept reads within the minutes that it is kept anyway. */
async function keepHistory({ client }: Store, seconds: number): Promise<number | null> {
  try {
    const answer = await client.db('admin').command({ setParameter: 1, [historyParameter]: seconds });
    return Number(answer['was']);
  } catch (error) {
    if (error instanceof MongoServerError) return null;
    throw error;
  }
}

async function openFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length === 0) return;
  throw new BackupError(`${folder} is not empty.`, 'Name a folder that is empty or not there yet.');
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
