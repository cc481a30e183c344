import { setTimeout as pause } from 'node:timers/promises';
import { untilReachable } from '../ensure-indexes.js';
import type { Store } from '../store.js';
import type { DatabaseSchema } from './database-schema.js';
import { keepVersion, readSchema, type SchemaState } from './schema-version.js';

/** A database that this program must not touch as it is. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
  /** What to do about it. */
  readonly advice: string;

  constructor(readonly state: SchemaState) {
    const { database, version, known, status, pending } = state;
    super(
      status === 'newer'
        ? `${database} has schema version ${version}, written by a newer Kintsugi; this one knows no newer than ${known}.`
        : `${database} has schema version ${version}, and this Kintsugi needs ${known}: ${pending.join(', ')} ${pending.length === 1 ? 'is' : 'are'} pending.`,
    );
    this.advice =
      status === 'newer'
        ? 'Start that version of Kintsugi or a newer one, or set another DATABASE_PREFIX to begin anew beside it.'
        : 'Stop the services that use it and run ./kintsugi migrate up, with the same MONGO_URL and DATABASE_PREFIX; ./kintsugi up does so by itself.';
  }
}

const lookAgainMs = 200;

/**
 * Lets a service start only on a database of the version that it knows; an empty one becomes so. Waits while it is away.
 * @param onOther where somebody else migrates just now: told why it waits until the version is the one that it knows
 */
export async function requireSchema(store: Store, schema: DatabaseSchema, onOther?: (error: SchemaError) => void): Promise<void> {
  for (let isTold = false; ; isTold = true) {
    const { state, isHeld } = await untilReachable(() => readSchema(store, schema));
    if (state.status === 'current') {
      if (!isHeld) await untilReachable(() => keepVersion(store, state.version));
      return;
    }
    if (!onOther) throw new SchemaError(state);
    if (!isTold) onOther(new SchemaError(state));
    await pause(lookAgainMs);
  }
}
