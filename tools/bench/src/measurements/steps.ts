import type { TaskHandler } from '@kintsugi/worker-sdk';
import type { Readings } from '../domain/figure-book.js';
import { monotonicMs } from '../load/monotonic-clock.js';
import type { Address } from '../system/system-under-test.js';
import { percentilesOf } from './percentiles.js';
import { endsAs, withWorker } from './with-worker.js';

/** From the end of a part of a handler until the next may begin, of a task that does nothing but steps, one after the other. */
export async function measureSteps(address: Address, count: number): Promise<Readings> {
  let tookMs: number[] = [];
  const handler: TaskHandler = async ({ step }) => {
    tookMs = [];
    for (let n = 0; n < count; n += 1) {
      let endedAtMs = 0;
      await step(`part ${n}`, () => {
        endedAtMs = monotonicMs();
        return { n };
      });
      tookMs.push(monotonicMs() - endedAtMs);
    }
  };
  await withWorker(address, { type: 'bench.steps', slots: 1, handler }, async (client, head) => {
    const { job_id } = await client.createJob({ ...head, tasks: [{ payload: {} }] });
    await endsAs('completed', client, job_id);
  });
  const { p50Ms, p99Ms } = percentilesOf(tookMs);
  return { step_p50_ms: p50Ms, step_p99_ms: p99Ms };
}
