import { pino, type Logger } from 'pino';
import { withoutSecrets } from '@kintsugi/contracts';

export type { Logger };

/** Keys whose values are never written, wherever they stand up to two levels deep. */
const secrets = ['password', 'token', 'secret', 'authorization', 'api_key', 'apiKey', 'cookie', 'url'];

/** JSON lines on standard output, one event a line. */
export function createLogger(service: string, level: string): Logger {
  return pino({
    level,
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secrets.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
    // Whatever a driver puts into its words, no line has a password.
    hooks: { streamWrite: withoutSecrets },
    serializers: { error: pino.stdSerializers.errWithCause },
    errorKey: 'error',
  });
}
