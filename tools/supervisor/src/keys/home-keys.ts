import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ApiKeys } from '@kintsugi/persistence/api-keys';
import { writePrivateFile } from '../process/state-file.js';
import { commandLineKeyFileOf } from './key-places.js';

const firstAdminId = 'admin';

/**
 * Makes sure that somebody can come in: an admin, whose key is told once or is the one that he has set, and the command line, whose
 * key only the owner of the home can read. Gives the key of the first admin where it made one; it is kept nowhere.
 */
export async function prepareKeys(home: string, keys: ApiKeys, firstAdminKey: string | undefined): Promise<string | null> {
  if (firstAdminKey) await keys.keepFirst(firstAdminKey);
  const made = (await keys.isEmpty())
    ? await keys.create({ id: firstAdminId, role: 'admin', tenant: null, expires_at: null })
    : null;
  const kept = readCommandLineKey(home);
  if (kept === null || !(await keys.knows(kept))) await writeCommandLineKey(home, keys);
  // Where it is taken, another supervisor has made it at this very moment, and tells it.
  return made === null || made === 'taken' ? null : made.key;
}

function readCommandLineKey(home: string): string | null {
  try {
    return readFileSync(commandLineKeyFileOf(home), 'utf8').trim();
  } catch {
    return null;
  }
}

/** Each home has one of its own: several may share a database. */
async function writeCommandLineKey(home: string, keys: ApiKeys): Promise<void> {
  for (;;) {
    const id = `cli-${randomBytes(4).toString('hex')}`;
    const made = await keys.create({ id, role: 'admin', tenant: null, expires_at: null });
    if (made === 'taken') continue;
    writePrivateFile(commandLineKeyFileOf(home), `${made.key}\n`);
    return;
  }
}
