import { storeSettings } from '@kintsugi/hosting/shared-settings';
import {
  SchemaError,
  Store,
  migrateUp,
  requireSchema,
  schemaStateOf,
  type DatabaseSchema,
  type MigratedSchema,
  type SchemaState,
} from '@kintsugi/persistence';
import { AuditedApiKeys, type KeyAuditOptions } from '@kintsugi/persistence/audited-api-keys';
import { BackupError, backUp, checkBackup, restore, type BackupManifest, type BackupOrder } from '@kintsugi/persistence/backup';
import { gatewayName } from '../domain/process-roles.js';
import { settingsOf } from '../settings/settings-of.js';
import { PlatformStartError } from '../start-error.js';
import { schemaOf, serviceSchemas } from './service-schemas.js';

/** What was done to keys is told after this time at the latest: nobody else knows a new one. */
const settleMsMax = 5_000;

export interface DatabasePlace {
  mongoUrl: string;
  /** What the services are told, of which the prefix of the databases is taken. */
  environment: Record<string, string | undefined>;
  /** Ends the waiting for a database that is away, and the migrations, wherever they are. */
  signal: AbortSignal;
  /** How long a database that is away is waited for at most. */
  waitMs?: number;
}

/** The folder of a backup, and who is told how far it is. */
export interface BackupPlace {
  folder: string;
  onProgress: BackupOrder['onProgress'];
}

/** How the database of each service stands to what the service needs. */
export async function databaseStates(place: DatabasePlace): Promise<SchemaState[]> {
  return onEach(place, (store, schema) => schemaStateOf(store, schema));
}

/** Brings the database of each service to the version that it needs, one after the other. */
export async function migrateDatabases(place: DatabasePlace): Promise<MigratedSchema[]> {
  return onEach(place, (store, schema) => migrateUp(store, schema, place.signal));
}

/** Does something with the API keys of an installation, whose database is of the version that this program knows. */
export async function withApiKeys<Result>(
  place: DatabasePlace,
  by: KeyAuditOptions,
  act: (keys: AuditedApiKeys) => Promise<Result>,
): Promise<Result> {
  const schema = await schemaOf(gatewayName);
  return inDatabases(place, async (storeOf) => {
    const store = storeOf(schema);
    await requireSchema(store, schema);
    const keys = new AuditedApiKeys(store, by);
    try {
      return await act(keys);
    } finally {
      await keys.close(settleMsMax);
    }
  });
}

/** Writes all databases of an installation, as they are at one moment, to a folder. */
export async function backUpDatabases(place: DatabasePlace, { folder, onProgress }: BackupPlace): Promise<BackupManifest> {
  return onServer(place, (server, prefix) => backUp({ server, prefix, folder, onProgress, signal: place.signal }));
}

/** What a folder holds, once every file is found to be as it was written. */
export async function checkedBackup(folder: string, signal: AbortSignal): Promise<BackupManifest> {
  try {
    return await checkBackup(folder, signal);
  } catch (error) {
    throw error instanceof BackupError ? new PlatformStartError('settings', error.message, error.advice) : error;
  }
}

/** Puts the databases of a backup, which was checked, in place of an installation's. */
export async function restoreDatabases(
  place: DatabasePlace,
  order: BackupPlace & { manifest: BackupManifest; force: boolean },
): Promise<void> {
  await onServer(place, (server, prefix) => restore({ ...order, server, prefix, signal: place.signal }));
}

async function onEach<Result>(
  place: DatabasePlace,
  act: (store: Store, schema: DatabaseSchema) => Promise<Result>,
): Promise<Result[]> {
  return inDatabases(place, async (storeOf) => {
    const results: Result[] = [];
    for (const schema of await serviceSchemas()) results.push(await act(storeOf(schema), schema));
    return results;
  });
}

function inDatabases<Result>(
  place: DatabasePlace,
  act: (storeOf: (schema: DatabaseSchema) => Store) => Promise<Result>,
): Promise<Result> {
  return onServer(place, (server, prefix) => act((schema) => server.beside(`${prefix}_${schema.database}`)));
}

async function onServer<Result>(
  { mongoUrl, environment, signal, waitMs }: DatabasePlace,
  act: (server: Store, prefix: string) => Promise<Result>,
): Promise<Result> {
  const waiting = waitMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
  let awayBecause = '';
  let server: Store | undefined;
  try {
    const { DATABASE_PREFIX } = settingsOf({ DATABASE_PREFIX: storeSettings.DATABASE_PREFIX }, environment);
    const place = { url: mongoUrl, database: 'admin', applicationName: 'kintsugi-migrate', signal: waiting };
    server = await Store.connect(place, (reason) => (awayBecause = reason));
    return await act(server, DATABASE_PREFIX);
  } catch (error) {
    if (error instanceof BackupError) throw new PlatformStartError('settings', error.message, error.advice);
    if (error instanceof SchemaError) throw new PlatformStartError('settings', error.message, error.advice);
    if (server || !waiting.aborted) throw error;
    throw new PlatformStartError('unavailable', `${awayBecause}.`, 'See that MONGO_URL is right and that MongoDB runs.');
  } finally {
    await server?.close();
  }
}
