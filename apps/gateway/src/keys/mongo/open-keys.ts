import type { Store } from '@kintsugi/persistence';
import { ApiKeys } from '@kintsugi/persistence/api-keys';
import type { KeySource } from '../key-directory.js';

/** The API keys of a database, which gets its first one where it has none. */
export async function openKeys(store: Store, firstKey: string | undefined): Promise<KeySource> {
  const keys = new ApiKeys(store);
  await keys.prepare();
  if (firstKey) await keys.keepFirst(firstKey);
  return keys;
}
