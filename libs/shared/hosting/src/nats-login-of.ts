import { natsLogin, type NatsLogin } from '@kintsugi/messaging';
import { SettingsError, type Settings } from './settings.js';
import type { sharedSettings } from './shared-settings.js';

/** The login at NATS that settings ask for; those that contradict each other cannot be used. */
export function natsLoginOf(settings: Settings<typeof sharedSettings>): NatsLogin {
  const given = settings as Record<string, unknown>;
  try {
    return natsLogin((name) => given[name] as string | undefined);
  } catch (error) {
    throw new SettingsError(error instanceof Error ? error.message : String(error));
  }
}
