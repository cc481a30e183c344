import type { Store } from '@kintsugi/persistence';
import { AuditedApiKeys, type KeyAuditOptions } from '@kintsugi/persistence/audited-api-keys';
import type { KeySource } from '../key-directory.js';

/** The API keys of a database, which gets its first one where it has none. */
export async function openKeys(store: Store, firstKey: string | undefined, by: KeyAuditOptions): Promise<KeySource> {
  const keys = new AuditedApiKeys(store, by);
  await keys.prepare();
  if (firstKey) await keys.keepFirst(firstKey);
  return keys;
}
