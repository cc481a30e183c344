import type { Provider } from '@nestjs/common';
import { serviceActor } from '@kintsugi/contracts';
import { SETTINGS, type Settings, type storeSettings } from '@kintsugi/hosting';
import { Store } from '@kintsugi/persistence';
import type { GatewaySettings } from '../gateway.config.js';
import type { KeyStore } from './commands/administer-keys.js';
import { KEY_SOURCE, type KeySource } from './key-directory.js';

type StoreSettings = Settings<typeof storeSettings>;

/** The API keys of the gateway's own database, which it has while keys are asked for. */
export const storedKeys: Provider = {
  provide: KEY_SOURCE,
  inject: [SETTINGS, { token: Store, optional: true }],
  useFactory: keySourceOf,
};

/** Models are loaded only where keys are asked for. */
async function keySourceOf(settings: GatewaySettings, store: Store | undefined): Promise<(KeySource & KeyStore) | null> {
  if (!store) return null;
  const { FIRST_ADMIN_KEY, INSTANCE_ID: instance, AUDIT_SIGNING_KEY: pem } = settings as GatewaySettings & StoreSettings;
  const by = { actor: serviceActor('gateway'), instance, pem };
  return (await import('./mongo/open-keys.js')).openKeys(store, FIRST_ADMIN_KEY, by);
}
