import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@kintsugi/client';
import { createWorker } from '@kintsugi/worker-sdk';
import type { Readings } from '../domain/figure-book.js';
import { monotonicMs } from '../load/monotonic-clock.js';
import type { Address } from '../system/system-under-test.js';
import { percentilesOf } from './percentiles.js';

const type = 'bench.steps';
const endTimeoutMs = 60_000;
const pollMs = 50;

/** From the end of a part of a handler until the next may begin, of a task that does nothing but steps, one after the other. */
export async function measureSteps({ api, nats }: Address, count: number): Promise<Readings> {
  const client = createClient({ baseUrl: String(api) });
  const worker = createWorker({ natsUrl: String(nats), name: 'bench-steps', slots: 1 });
  let tookMs: number[] = [];
  worker.handle(type, async ({ step }) => {
    tookMs = [];
    for (let n = 0; n < count; n += 1) {
      let endedAtMs = 0;
      await step(`part ${n}`, () => {
        endedAtMs = monotonicMs();
        return { n };
      });
      tookMs.push(monotonicMs() - endedAtMs);
    }
  });
  await worker.start();
  try {
    const { job_id } = await client.createJob({
      ...{ product_id: 'bench', sending_group_id: 'bench', user_id: 'bench', type },
      tasks: [{ payload: {} }],
    });
    for (const deadline = monotonicMs() + endTimeoutMs; ;) {
      const { status } = await client.getJob(job_id);
      if (status === 'completed') break;
      if (status === 'failed' || monotonicMs() > deadline) throw new Error(`The job of ${count} steps is ${status}.`);
      await delay(pollMs);
    }
  } finally {
    await worker.stop();
  }
  const { p50Ms, p99Ms } = percentilesOf(tookMs);
  return { step_p50_ms: p50Ms, step_p99_ms: p99Ms };
}
