import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { apiKeyIdOf, type Role } from '@kintsugi/contracts';
import type { ApiKeys } from '@kintsugi/persistence/api-keys';
import { writePrivateFile } from '../process/state-file.js';
import { commandLineKeyFileOf, monitoringKeyFileOf } from './key-places.js';

const firstAdminId = 'admin';

export interface GivenKeys {
  /** That of the first admin, where he has set it. */
  firstAdminKey?: string | undefined;
  /** Whether Prometheus and Alertmanager run beside the platform. */
  isWatched?: boolean;
}

/**
 * Makes sure that somebody can come in: an admin, whose key is told once or is the one that he has set, the command line, and what
 * watches the platform; the keys of both only the owner of the home can read. Gives the key of the first admin where it made one; it
 * is kept nowhere.
 */
export async function prepareKeys(home: string, keys: ApiKeys, given: GivenKeys = {}): Promise<string | null> {
  const { firstAdminKey, isWatched } = given;
  if (firstAdminKey) await keys.keepFirst(firstAdminKey);
  const made = (await keys.isEmpty())
    ? await keys.create({ id: firstAdminId, role: 'admin', tenant: null, expires_at: null })
    : null;
  await keepKey(keys, { file: commandLineKeyFileOf(home), name: 'cli', role: 'admin' });
  // It reads where the targets are, and tells of alerts as incidents.
  if (isWatched) await keepKey(keys, { file: monitoringKeyFileOf(home), name: 'monitoring', role: 'operator' });
  else await endKey(keys, monitoringKeyFileOf(home));
  // Where it is taken, another supervisor has made it at this very moment, and tells it.
  return made === null || made === 'taken' ? null : made.key;
}

/** Each home has keys of its own: several may share a database. */
async function keepKey(keys: ApiKeys, { file, name, role }: { file: string; name: string; role: Role }): Promise<void> {
  const kept = keyIn(file);
  if (kept !== null && (await keys.knows(kept))) return;
  for (;;) {
    const id = `${name}-${randomBytes(4).toString('hex')}`;
    const made = await keys.create({ id, role, tenant: null, expires_at: null });
    if (made === 'taken') continue;
    writePrivateFile(file, `${made.key}\n`);
    return;
  }
}

/** A key that nothing needs any more opens nothing. One that another database has is left for that. */
async function endKey(keys: ApiKeys, file: string): Promise<void> {
  const kept = keyIn(file);
  if (kept === null || !(await keys.knows(kept))) return;
  await keys.revoke(apiKeyIdOf(kept) as string);
  rmSync(file, { force: true });
}

function keyIn(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}
