import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@kintsugi/client';
import { NonRetryable, createWorker } from '@kintsugi/worker-sdk';
import type { Readings } from '../../domain/figure-book.js';
import { monotonicMs } from '../../load/monotonic-clock.js';
import type { Address } from '../../system/system-under-test.js';
import { percentilesOf } from '../percentiles.js';

const type = 'bench.plan';
const tasks = 10_000;
const layerTasks = 100;
const parentsPerTask = 9;
const endTimeoutMs = 120_000;
const timeoutMs = 60_000;
const pollMs = 100;

/** How long the plan takes of what is run again of a job of 10,000 tasks in 100 layers, of which the whole first layer has failed. */
export async function measureRerunPlan({ api, nats }: Address, count: number): Promise<Readings> {
  const client = createClient({ baseUrl: String(api), timeoutMs });
  const worker = createWorker({ natsUrl: String(nats), name: 'bench-plan', slots: layerTasks });
  worker.handle(type, () => {
    throw new NonRetryable('It is made to fail.');
  });
  await worker.start();
  const tookMs: number[] = [];
  try {
    const { job_id } = await client.createJob({
      ...{ product_id: 'bench', sending_group_id: 'bench', user_id: 'bench', type },
      tasks: Array.from({ length: tasks }, (_, n) => ({ id: String(n), payload: {}, depends_on: parentsOf(n) })),
    });
    for (const deadline = monotonicMs() + endTimeoutMs; ;) {
      const { status } = await client.getJob(job_id);
      if (status === 'failed') break;
      if (status === 'completed' || monotonicMs() > deadline) throw new Error(`The job that is to fail is ${status}.`);
      await delay(pollMs);
    }
    while (tookMs.length < count) {
      const startedAt = monotonicMs();
      const { rerun } = await client.rerunPartial(job_id, { dry_run: true });
      tookMs.push(monotonicMs() - startedAt);
      if (rerun.total !== tasks) throw new Error(`The plan runs ${rerun.total} tasks again, of ${tasks}.`);
    }
  } finally {
    await worker.stop();
  }
  const { p50Ms, p99Ms } = percentilesOf(tookMs);
  return { rerun_plan_p50_ms: p50Ms, rerun_plan_p99_ms: p99Ms };
}

/** Some of the layer before, others for each task of a layer. */
function parentsOf(n: number): string[] {
  const before = (Math.floor(n / layerTasks) - 1) * layerTasks;
  return before < 0 ? [] : Array.from({ length: parentsPerTask }, (_, parent) => String(before + ((n + parent) % layerTasks)));
}
