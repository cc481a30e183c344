// A worker whose tasks block its main thread until a file is there. Without top-level await, so that it can be CommonJS.
import { existsSync } from 'node:fs';
import { createWorker } from '@kintsugi/worker-sdk';

const worker = createWorker({ handleSignals: true }).handle('bundle.block', ({ task }) => {
  process.stdout.write(`${JSON.stringify({ running: worker.id })}\n`);
  const clock = new Int32Array(new SharedArrayBuffer(4));
  while (!existsSync(task.payload.until)) Atomics.wait(clock, 0, 0, 10);
  return { bundled: true };
});
void worker.start();
