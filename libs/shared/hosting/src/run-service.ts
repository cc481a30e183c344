import { withoutSecrets } from '@kintsugi/contracts';
import { SchemaError } from '@kintsugi/persistence';
import { createService, type Service, type ServiceDefinition } from './create-service.js';
import { logEscapedFaults } from './fault-log.js';
import { guardProcess } from './guard-process.js';
import { EXIT_CONFIG, SettingsError, type SettingsShape } from './settings.js';
import { onShutdown } from './shutdown.js';

/**
 * The life of a service as this process: it starts, holds back what escapes, and ends in order on SIGTERM, SIGINT or the end
 * of its supervisor. Settings that cannot be used, and a database of another version, end the process with 78.
 */
export async function runService<Shape extends SettingsShape>(definition: ServiceDefinition<Shape>): Promise<void> {
  const service = created(definition);
  const { logger, metrics, settings } = service;
  logEscapedFaults(logger, metrics);
  guardProcess(logger, () => (service.isConnected ? service.bus : undefined));
  let isStopped = false;
  onShutdown({ leashed: settings.KINTSUGI_LEASHED === '1', logger }, () => {
    isStopped = true;
    return service.close();
  });
  try {
    await service.start();
  } catch (error) {
    // Whoever stops it while it starts ends the process.
    if (isStopped) return;
    exitIfRefused(error);
    logger.fatal({ error }, 'Could not start');
    process.exit(1);
  }
}

function created<Shape extends SettingsShape>(definition: ServiceDefinition<Shape>): Service<Shape> {
  try {
    return createService(definition);
  } catch (error) {
    exitIfRefused(error);
    throw error;
  }
}

/** What only a person can put right is told in words, and is no fault of the program. */
function exitIfRefused(error: unknown): void {
  const text = refusalOf(error);
  if (text === null) return;
  process.stderr.write(`${text}\n`);
  process.exit(EXIT_CONFIG);
}

function refusalOf(error: unknown): string | null {
  if (error instanceof SettingsError) return withoutSecrets(error.message);
  // A database that this program does not know is left as it is.
  return error instanceof SchemaError ? `${error.message}\n${error.advice}` : null;
}
