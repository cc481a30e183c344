import type { Logger } from '@kintsugi/observability';

/** Longest that an orderly end may take before the process ends anyway. */
const shutdownTimeoutMs = 10_000;

/**
 * Runs `close` once, on the first SIGTERM or SIGINT, or when standard input ends while on the supervisor's leash;
 * then the process ends with 0. Further signals change nothing.
 */
export function onShutdown(options: { leashed: boolean; logger: Logger }, close: () => Promise<void>): void {
  let closing = false;
  const shutDown = (reason: string): void => {
    if (closing) return;
    closing = true;
    options.logger.info({ reason }, 'Stopping');
    const deadline = setTimeout(() => {
      options.logger.error('Could not stop in order in time');
      process.exit(1);
    }, shutdownTimeoutMs);
    deadline.unref();
    close()
      .then(() => process.exit(0))
      .catch((error: unknown) => {
        options.logger.error({ error }, 'Fault while stopping');
        process.exit(1);
      });
  };
  process.on('SIGTERM', () => shutDown('SIGTERM'));
  process.on('SIGINT', () => shutDown('SIGINT'));
  if (options.leashed) {
    process.stdin.on('end', () => shutDown('the supervisor is gone'));
    process.stdin.on('error', () => shutDown('the supervisor is gone'));
    process.stdin.resume();
  }
}
