import { withoutSecrets } from '@kintsugi/contracts';
import { EXIT_CONFIG, SettingsError, onShutdown, readOrExit } from '@kintsugi/hosting';
import { createLogger } from '@kintsugi/observability';
import { checkTogether, gatewaySettings } from './gateway.config.js';
import { openGateway, type Gateway } from './open-gateway.js';

const settings = readOrExit(gatewaySettings);
const logger = createLogger('gateway', settings.LOG_LEVEL);
let gateway: Gateway | undefined;

onShutdown({ leashed: settings.KINTSUGI_LEASHED === '1', logger }, async () => gateway?.close());

try {
  checkTogether(settings);
  gateway = await openGateway(settings, logger);
  logger.info({ address: gateway.url }, 'Ready');
} catch (error) {
  if (error instanceof SettingsError) {
    process.stderr.write(`${withoutSecrets(error.message)}\n`);
    process.exit(EXIT_CONFIG);
  }
  logger.fatal({ error }, 'Could not start');
  process.exit(1);
}
