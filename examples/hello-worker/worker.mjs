import { NonRetryable, createWorker } from '@kintsugi/worker-sdk';

const worker = createWorker({ handleSignals: true });

worker.handle('greet', async ({ task, attempt, run_key, signal, log, progress }) => {
  const { name } = task.payload;
  if (!name) throw new NonRetryable('A greeting needs a name.', { error_type: 'greet.no_name' });
  log(`Attempt ${attempt} of ${run_key}`);
  // Give the run key to the other side as its idempotency key, and the signal to whatever can be stopped.
  signal.throwIfAborted();
  progress(0.5);
  return { greeting: `Hello, ${name}!` };
});

// A job that comes without tasks is planned by a worker: yield as many as there are.
worker.plan('greet', async function* ({ job }) {
  for (const name of job.sending_group_id.split(',')) yield { id: name, payload: { name } };
});

await worker.start();
