// A worker whose tasks do what their payload says: succeed, fail for good, or wait to be told to go on.
import { NonRetryable, createWorker } from '@kintsugi/worker-sdk';

const worker = createWorker({ handleSignals: true });
worker.handle('trial', async ({ task, signal }) => {
  const { fails, forMs = 0 } = task.payload ?? {};
  if (fails) throw new NonRetryable(`It fails: ${fails}`, { error_type: 'trial.refused' });
  if (forMs > 0) {
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, forMs);
      signal.addEventListener('abort', () => resolve(clearTimeout(timer)));
    });
  }
  return { done: true };
});
await worker.start();
