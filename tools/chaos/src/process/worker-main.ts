import { setTimeout as pause } from 'node:timers/promises';
import { createWorker } from '@kintsugi/worker-sdk';
import { recorderUrl } from '../chaos.config.js';
import { chaosType, type ChaosPayload } from '../domain/job-mix.js';
import type { RunNotice, RunOrder } from '../traffic/effect-recorder.js';

/** A worker whose tasks take effect at the recorder, and nowhere else. */
const worker = createWorker({ handleSignals: true });
const url = recorderUrl();

worker.handle<ChaosPayload>(chaosType, async ({ task, attempt, run_key, signal }) => {
  const { id: task_id, job_id, payload } = task;
  const notice: RunNotice = { task_id, job_id, run_key, attempt, pid: process.pid, payload };
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(notice) });
  const order = (await response.json()) as RunOrder;
  await pause(order.waits_ms, undefined, { signal });
  if (order.fails) throw Object.assign(new Error('told to fail'), { code: 'ECONNRESET' });
});
await worker.start();
