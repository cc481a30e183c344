import { SettingsError, readSettings } from '@kintsugi/hosting/settings';
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
import { ApiKeys } from '@kintsugi/persistence/api-keys';
import { gatewayName } from '../domain/process-roles.js';
import { PlatformStartError } from '../start-error.js';
import { schemaOf, serviceSchemas } from './service-schemas.js';

export interface DatabasePlace {
  mongoUrl: string;
  /** What the services are told, of which the prefix of the databases is taken. */
  environment: Record<string, string | undefined>;
  /** Ends the waiting for a database that is away, and the migrations, wherever they are. */
  signal: AbortSignal;
  /** How long a database that is away is waited for at most. */
  waitMs?: number;
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
export async function withApiKeys<Result>(place: DatabasePlace, act: (keys: ApiKeys) => Promise<Result>): Promise<Result> {
  const schema = await schemaOf(gatewayName);
  return inDatabases(place, async (storeOf) => {
    const store = storeOf(schema);
    await requireSchema(store, schema);
    return act(new ApiKeys(store));
  });
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

async function inDatabases<Result>(
  { mongoUrl, environment, signal, waitMs }: DatabasePlace,
  act: (storeOf: (schema: DatabaseSchema) => Store) => Promise<Result>,
): Promise<Result> {
  const waiting = waitMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
  let awayBecause = '';
  let server: Store | undefined;
  try {
    const { DATABASE_PREFIX } = readSettings({ DATABASE_PREFIX: storeSettings.DATABASE_PREFIX }, environment);
    const place = { url: mongoUrl, database: 'admin', applicationName: 'kintsugi-migrate', signal: waiting };
    server = await Store.connect(place, (reason) => (awayBecause = reason));
    const connected = server;
    return await act((schema) => connected.beside(`${DATABASE_PREFIX}_${schema.database}`));
  } catch (error) {
    if (error instanceof SettingsError) throw new PlatformStartError('settings', error.message, 'Correct the setting.');
    if (error instanceof SchemaError) throw new PlatformStartError('settings', error.message, error.advice);
    if (server || !waiting.aborted) throw error;
    throw new PlatformStartError('unavailable', `${awayBecause}.`, 'See that MONGO_URL is right and that MongoDB runs.');
  } finally {
    await server?.close();
  }
}
