import { SettingsError } from '@kintsugi/hosting';
import type { Logger } from '@kintsugi/observability';
import { SchemaError, Store, requireSchema } from '@kintsugi/persistence';
import { ApiKeys } from '@kintsugi/persistence/api-keys';
import type { GatewaySettings } from '../../gateway.config.js';
import { schema } from '../../gateway.schema.js';
import type { OpenedKeys } from '../opened-keys.js';

/** Opens the database of API keys, and waits for it. */
export async function openKeys(settings: GatewaySettings, logger: Logger): Promise<OpenedKeys> {
  const place = {
    url: settings.MONGO_URL,
    database: `${settings.DATABASE_PREFIX}_${schema.database}`,
    applicationName: 'gateway',
  };
  const store = await Store.connect(place, (reason) => logger.warn({ reason }, 'Waiting for the database'));
  try {
    await requireOwnSchema(store, settings, logger);
    const keys = new ApiKeys(store);
    await keys.prepare();
    if (settings.FIRST_ADMIN_KEY) await keys.keepFirst(settings.FIRST_ADMIN_KEY);
    return { source: keys, ping: () => store.ping(), close: () => store.close() };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function requireOwnSchema(store: Store, { KINTSUGI_LEASHED }: GatewaySettings, logger: Logger): Promise<void> {
  const onOther = ({ message }: SchemaError): void =>
    logger.warn({ reason: message }, 'Waiting for the migration of the database');
  try {
    await requireSchema(store, schema, KINTSUGI_LEASHED === '1' ? onOther : undefined);
  } catch (error) {
    throw error instanceof SchemaError ? new SettingsError(`${error.message}\n${error.advice}`) : error;
  }
}
