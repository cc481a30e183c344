import { createWorker } from '@kintsugi/worker-sdk';
import { greet } from './jobs.js';

const worker = createWorker({ handleSignals: true });
worker.handle(greet, ({ task: { payload } }) => ({ greeting: `Hello, ${payload.name}!`, year: payload.on.getUTCFullYear() }));
worker.plan(greet, function* ({ job }) {
  for (const name of job.sending_group_id.split(',')) yield { id: name, payload: { name, on: '2026-11-26' } };
});
await worker.start();
