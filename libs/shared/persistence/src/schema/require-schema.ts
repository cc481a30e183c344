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
    super(wordsOf(state));
    this.advice = advice[state.status];
  }
}

function wordsOf({ database, version, known, status, pending }: SchemaState): string {
  if (status === 'restoring') return `${database} is not whole: a restore of it is under way, or was ended before its end.`;
  if (status === 'newer') {
    return `${database} has schema version ${version}, written by a newer Kintsugi; this one knows no newer than ${known}.`;
  }
  return `${database} has schema version ${version}, and this Kintsugi needs ${known}: ${pending.join(', ')} ${pending.length === 1 ? 'is' : 'are'} pending.`;
}

const migrate =
  'Stop the services that use it and run ./kintsugi migrate up, with the same MONGO_URL and DATABASE_PREFIX; ./kintsugi up does so by itself.';
const advice: Record<SchemaState['status'], string> = {
  current: migrate,
  pending: migrate,
  newer: 'Start that version of Kintsugi or a newer one, or set another DATABASE_PREFIX to begin anew beside it.',
  restoring: 'Restore the backup once more, with ./kintsugi restore FOLDER --force and the same home.',
};

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
