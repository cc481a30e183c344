import type { OnApplicationShutdown } from '@nestjs/common';
import { ProblemError } from '@kintsugi/contracts';
import { willPass, type Store } from '@kintsugi/persistence';
import { AuditedApiKeys, type KeyAuditOptions } from '@kintsugi/persistence/audited-api-keys';
import type { KeyStore } from '../commands/administer-keys.js';
import type { KeySource } from '../key-directory.js';

const closeMsMax = 2_000;

/** The API keys of a database, which gets its first one where it has none. */
export async function openKeys(
  store: Store,
  firstKey: string | undefined,
  by: KeyAuditOptions,
): Promise<KeySource & KeyStore & OnApplicationShutdown> {
  const keys = new AuditedApiKeys(store, by);
  await keys.prepare();
  if (firstKey) await keys.keepFirst(firstKey);
  return {
    changedSince: (revision) => keys.changedSince(revision),
    list: () => answered(keys.list()),
    create: (about, origin) => answered(keys.create(about, origin)),
    rotate: (id, overlapSeconds, origin) => answered(keys.rotate(id, overlapSeconds, origin)),
    revoke: (id, origin) => answered(keys.revoke(id, origin)),
    onApplicationShutdown: () => keys.close(closeMsMax),
  };
}

/** Whoever administers keys is told that the database is away. */
async function answered<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    if (!willPass(error)) throw error;
    throw new ProblemError('STORE_UNAVAILABLE', 'The database of API keys does not answer. Try again in a moment.', {
      retry_after: 1,
    });
  }
}
