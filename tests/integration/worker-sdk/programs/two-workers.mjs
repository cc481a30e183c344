// Two workers in one process: an idle one, and one whose task runs until SIGUSR2 comes.
import { createWorker } from '@kintsugi/worker-sdk';

const [handleSignals] = process.argv.slice(2);
const options = { handleSignals: handleSignals === 'yes', drainTimeoutMs: 60_000, log: false };
const listeners = () => ['SIGTERM', 'SIGINT'].map((signal) => process.listenerCount(signal));
const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

let finish = () => undefined;
const finished = new Promise((resolve) => (finish = resolve));
process.on('SIGUSR2', finish);

const idle = createWorker({ ...options, name: 'idle' }).handle('two.idle', () => undefined);
const busy = createWorker({ ...options, name: 'busy' }).handle('two.busy', async () => {
  tell({ running: true });
  await finished;
  return { finished: true };
});
await Promise.all([idle.start(), busy.start()]);
tell({ idle: idle.id, busy: busy.id, listeners: listeners() });

process.on('SIGUSR1', async () => {
  await Promise.all([idle.stop(), busy.stop()]);
  tell({ stopped: true, listeners: listeners() });
});

// What else the process does, which is not for its workers to end.
if (handleSignals === 'no') setInterval(() => undefined, 1_000);
