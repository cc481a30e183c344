import { after, guarded } from '@kintsugi/boundary';
import type { Logger } from '@kintsugi/observability';
import { giveSignsOfLife } from './signs-of-life.js';

/** Longest that an orderly end may take before the process ends anyway. */
const shutdownTimeoutMs = 10_000;

/**
 * Runs `close` once, on the first SIGTERM or SIGINT, or when standard input ends while on the supervisor's leash;
 * then the process ends with 0, or the exit code that was set before. Further signals change nothing. On the leash, the supervisor hears that this process lives.
 */
export function onShutdown(options: { leashed: boolean; logger: Logger }, close: () => Promise<void>): void {
  let closing = false;
  const shutDown = guarded('shutdown', (reason: string) => {
    if (closing) return;
    closing = true;
    options.logger.info({ reason }, 'Stopping');
    const deadline = after('shutdown', shutdownTimeoutMs, () => {
      options.logger.error('Could not stop in order in time');
      process.exit(1);
    });
    deadline.unref();
    close()
      .then(() => process.exit())
      .catch((error: unknown) => {
        options.logger.error({ error }, 'Fault while stopping');
        process.exit(1);
      });
  });
  const goneWithoutUs = shutDown.bind(null, 'the supervisor is gone');
  process.on('SIGTERM', shutDown);
  process.on('SIGINT', shutDown);
  if (options.leashed) {
    process.stdin.on('end', goneWithoutUs);
    process.stdin.on('error', goneWithoutUs);
    process.stdin.resume();
    giveSignsOfLife();
  }
}
