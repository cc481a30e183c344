import { randomUUID } from 'node:crypto';
import { guarded } from '@kintsugi/boundary';
import { Leadership } from '../leadership.js';
import type { Store } from '../store.js';
import type { DatabaseSchema } from './database-schema.js';
import { SchemaError } from './require-schema.js';
import { keepVersion, noteMigration, readSchema, schemaStateOf, type SchemaState } from './schema-version.js';

export interface MigratedSchema extends SchemaState {
  /** Names of the migrations that were run now. */
  applied: string[];
}

/**
 * Brings a database to the version that this program knows, and tells which migrations that took. One program migrates at a
 * time, by a lease. One that wakes up late may run a migration again, which changes nothing, and cannot note it: a version is
 * written over the one before it only. The signal breaks it off at once, also within a migration, which runs again then.
 */
export async function migrateUp(store: Store, schema: DatabaseSchema, signal: AbortSignal): Promise<MigratedSchema> {
  const { state, isHeld } = await readSchema(store, schema);
  if (state.status === 'newer' || state.status === 'restoring') throw new SchemaError(state);
  if (!isHeld) await keepVersion(store, state.version);
  if (state.status === 'current') return { ...state, applied: [] };
  const lost = new AbortController();
  const leadership = new Leadership(store, { role: 'migrations', holder: randomUUID(), onLost: () => lost.abort() });
  await leadership.acquire(signal);
  try {
    return await runPending(store, schema, AbortSignal.any([signal, lost.signal]));
  } finally {
    await leadership.release();
  }
}

async function runPending(store: Store, schema: DatabaseSchema, signal: AbortSignal): Promise<MigratedSchema> {
  const applied: string[] = [];
  for (;;) {
    const state = await schemaStateOf(store, schema);
    if (state.status === 'newer' || state.status === 'restoring') throw new SchemaError(state);
    const migration = schema.migrations[state.version];
    if (!migration) return { ...state, applied };
    await unlessAborted(() => migration.up(store), signal);
    if (await noteMigration(store, state.version, migration.name)) applied.push(migration.name);
  }
}

async function unlessAborted(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = guarded('migration.abort', () => aborted.reject(signal.reason));
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([work(), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
