import { withoutSecrets } from '@kintsugi/contracts';
import { EXIT_CONFIG, SettingsError, guardProcess, logEscapedFaults, onShutdown, readOrExit } from '@kintsugi/hosting';
import { Metrics, createLogger } from '@kintsugi/observability';
import { checkTogether, gatewaySettings } from './gateway.config.js';
import { openGateway, type Gateway } from './open-gateway.js';

const settings = readOrExit(gatewaySettings);
const metrics = new Metrics('gateway');
const logger = createLogger('gateway', settings.LOG_LEVEL, () => metrics.count('kintsugi_log_lines_lost_total'));
let gateway: Gateway | undefined;

logEscapedFaults(logger, metrics);
guardProcess(logger, () => gateway?.bus);

onShutdown({ leashed: settings.KINTSUGI_LEASHED === '1', logger }, async () => gateway?.close());

try {
  checkTogether(settings);
  gateway = await openGateway(settings, logger, { metrics });
  logger.info({ address: gateway.url }, 'Ready');
} catch (error) {
  if (error instanceof SettingsError) {
    process.stderr.write(`${withoutSecrets(error.message)}\n`);
    process.exit(EXIT_CONFIG);
  }
  logger.fatal({ error }, 'Could not start');
  process.exit(1);
}
