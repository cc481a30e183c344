import type { Provider } from '@nestjs/common';
import { SETTINGS } from '@kintsugi/hosting';
import { Store } from '@kintsugi/persistence';
import type { GatewaySettings } from '../gateway.config.js';
import type { KeyStore } from './commands/administer-keys.js';
import { KEY_SOURCE, type KeySource } from './key-directory.js';

/** The API keys of the gateway's own database, which it has while keys are asked for. */
export const storedKeys: Provider = {
  provide: KEY_SOURCE,
  inject: [SETTINGS, { token: Store, optional: true }],
  useFactory: keySourceOf,
};

/** Models are loaded only where keys are asked for. */
async function keySourceOf(
  { FIRST_ADMIN_KEY }: GatewaySettings,
  store: Store | undefined,
): Promise<(KeySource & KeyStore) | null> {
  return store ? (await import('./mongo/open-keys.js')).openKeys(store, FIRST_ADMIN_KEY) : null;
}
