import { pino, type Logger } from 'pino';
import { parseTraceparent, withoutSecrets } from '@kintsugi/contracts';
import { tracing } from '@kintsugi/tracing';
import { LogSink } from './log-sink.js';

export type { Logger };

/** Keys whose values are never written, wherever they stand up to two levels deep. */
const secrets = ['password', 'token', 'secret', 'authorization', 'api_key', 'apiKey', 'cookie', 'url'];

/** JSON lines on standard output, one event a line. A line that cannot be written is told to `onLost`. */
export function createLogger(service: string, level: string, onLost: () => void = () => undefined): Logger {
  const sink = new LogSink({ onLost, onBack: (lost, error) => logger.warn({ lost, error }, 'Lines of this log were lost') });
  const options = {
    level,
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secrets.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
    // Whatever a driver puts into its words, no line has a password.
    hooks: { streamWrite: withoutSecrets },
    mixin: traceFields,
    serializers: { error: pino.stdSerializers.errWithCause },
    errorKey: 'error',
  };
  const logger = pino(options, sink);
  return logger;
}

/** By which a line is found from its trace, and the trace from the line. A new object each time: the line is written into it. */
function traceFields(): { trace_id?: string; span_id?: string } {
  const current = tracing()?.current;
  const parsed = current === undefined ? null : parseTraceparent(current);
  return parsed ? { trace_id: parsed.traceId, span_id: parsed.spanId } : {};
}
