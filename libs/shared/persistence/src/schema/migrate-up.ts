import { randomUUID } from 'node:crypto';
import { Leadership } from '../leadership.js';
import type { Store } from '../store.js';
import type { DatabaseSchema } from './database-schema.js';
import { SchemaError } from './require-schema.js';
import { keepVersion, noteMigration, schemaStateOf } from './schema-version.js';

/**
 * Brings a database to the version that this program knows, and gives the names of the migrations that it ran. One program
 * migrates at a time, by a lease. One that wakes up late may run a migration again, which changes nothing, and cannot note it:
 * a version is written over the one before it only.
 */
export async function migrateUp(store: Store, schema: DatabaseSchema, signal: AbortSignal): Promise<string[]> {
  const before = await schemaStateOf(store, schema);
  if (before.status === 'newer') throw new SchemaError(before);
  await keepVersion(store, before.version);
  if (before.status === 'current') return [];
  const lost = new AbortController();
  const leadership = new Leadership(store, { role: 'migrations', holder: randomUUID(), onLost: () => lost.abort() });
  await leadership.acquire(signal);
  try {
    return await runPending(store, schema, AbortSignal.any([signal, lost.signal]));
  } finally {
    await leadership.release();
  }
}

async function runPending(store: Store, schema: DatabaseSchema, signal: AbortSignal): Promise<string[]> {
  const applied: string[] = [];
  for (;;) {
    signal.throwIfAborted();
    const state = await schemaStateOf(store, schema);
    if (state.status === 'newer') throw new SchemaError(state);
    const migration = schema.migrations[state.version];
    if (!migration) return applied;
    await migration.up(store);
    if (await noteMigration(store, state.version, migration.name)) applied.push(migration.name);
  }
}
