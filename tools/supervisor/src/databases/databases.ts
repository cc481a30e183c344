import { SettingsError, readSettings } from '@kintsugi/hosting/settings';
import { storeSettings } from '@kintsugi/hosting/shared-settings';
import { SchemaError, Store, migrateUp, schemaStateOf, type DatabaseSchema, type SchemaState } from '@kintsugi/persistence';
import { PlatformStartError } from '../start-error.js';
import { serviceSchemas } from './service-schemas.js';

export interface DatabasePlace {
  mongoUrl: string;
  /** What the services are told, of which the prefix of the databases is taken. */
  environment: Record<string, string | undefined>;
  /** Ends the waiting for a database that is away, and the migrations before their next step. */
  signal: AbortSignal;
  /** How long a database that is away is waited for at most. */
  waitMs?: number;
}

export interface MigratedDatabase extends SchemaState {
  /** Names of the migrations that were run now. */
  applied: string[];
}

/** How the database of each service stands to what the service needs. */
export async function databaseStates(place: DatabasePlace): Promise<SchemaState[]> {
  return onEach(place, (store, schema) => schemaStateOf(store, schema));
}

/** Brings the database of each service to the version that it needs, one after the other. */
export async function migrateDatabases(place: DatabasePlace): Promise<MigratedDatabase[]> {
  return onEach(place, async (store, schema) => {
    const applied = await migrateUp(store, schema, place.signal);
    return { ...(await schemaStateOf(store, schema)), applied };
  });
}

async function onEach<Result>(
  { mongoUrl, environment, signal, waitMs }: DatabasePlace,
  act: (store: Store, schema: DatabaseSchema) => Promise<Result>,
): Promise<Result[]> {
  const waiting = waitMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
  let awayBecause = '';
  let server: Store | undefined;
  try {
    const { DATABASE_PREFIX } = readSettings({ DATABASE_PREFIX: storeSettings.DATABASE_PREFIX }, environment);
    const place = { url: mongoUrl, database: 'admin', applicationName: 'kintsugi-migrate', signal: waiting };
    server = await Store.connect(place, (reason) => (awayBecause = reason));
    const results: Result[] = [];
    for (const schema of await serviceSchemas()) {
      results.push(await act(server.beside(`${DATABASE_PREFIX}_${schema.database}`), schema));
    }
    return results;
  } catch (error) {
    if (error instanceof SettingsError) throw new PlatformStartError('settings', error.message, 'Correct the setting.');
    if (error instanceof SchemaError) throw new PlatformStartError('settings', error.message, error.advice);
    if (server || !waiting.aborted) throw error;
    throw new PlatformStartError('unavailable', `${awayBecause}.`, 'See that MONGO_URL is right and that MongoDB runs.');
  } finally {
    await server?.close();
  }
}
