import { guarded } from '@kintsugi/boundary';
import { killAllCommands } from './run-command.js';

/** Has SIGTERM and SIGINT end this process once its worker has stopped. Commands that still run then are killed: nobody would read what they say. */
export function endInOrder(stop: () => Promise<void>): void {
  let isEnding = false;
  const end = guarded('worker.signal', async () => {
    if (isEnding) return;
    isEnding = true;
    try {
      await stop();
    } finally {
      killAllCommands();
      process.exit(0);
    }
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, end);
}
