import { Worker } from './worker.js';
import type { WorkerOptions } from './worker.config.js';

/**
 * A worker: give it handlers, then start it.
 *
 * @example
 * const worker = createWorker({ handleSignals: true });
 * worker.handle('greet', async ({ task, log }) => {
 *   log(`Hello ${task.payload.name}`);
 *   return { greeted: true };
 * });
 * await worker.start();
 */
export function createWorker(options: WorkerOptions = {}): Worker {
  return new Worker(options);
}
