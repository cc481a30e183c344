import { guarded, noteEscaped } from '@kintsugi/boundary';
import type { Bus } from '@kintsugi/messaging';
import type { Logger } from '@kintsugi/observability';

const answerTimeoutMs = 5_000;

/**
 * What becomes of a fault that got past every boundary: it is counted and logged, and the process goes on where its state
 * is safe.
 *
 * - A rejection that nobody awaited: it goes on. Only that work is undone, which is no other state than a crash leaves, and
 *   every write is conditional; the reconciler and the resending of commands make up for it.
 * - An exception out of a callback may have torn the library that called, and a connection without a reader hears nothing for
 *   ever. So NATS is asked whether it still gets through to us. If not, the process ends and is started anew; the driver of the
 *   database needs no such question, because what waits on a socket of its pool is timed out and gets another one.
 */
export function guardProcess(logger: Logger, bus: () => Bus | undefined): void {
  process.on(
    'unhandledRejection',
    guarded('process.rejection', (reason: unknown) => noteEscaped('process.rejection', reason)),
  );
  process.on(
    'uncaughtException',
    guarded('process.exception', async (error: Error) => {
      noteEscaped('process.exception', error);
      if ((await bus()?.hearsItself(answerTimeoutMs)) !== false) return;
      logger.fatal({ error }, 'A fault has cut the connection to NATS; this process starts anew');
      process.exit(1);
    }),
  );
}
