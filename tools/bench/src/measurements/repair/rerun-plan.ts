import { NonRetryable } from '@kintsugi/worker-sdk';
import type { Readings } from '../../domain/figure-book.js';
import { layerTasks, parentsOf } from '../../domain/layers.js';
import { monotonicMs } from '../../load/monotonic-clock.js';
import type { Address } from '../../system/system-under-test.js';
import { percentilesOf } from '../percentiles.js';
import { endsAs, withWorker } from '../with-worker.js';

const tasks = 10_000;

/** How long the plan takes of what is run again of a job of 10,000 tasks in 100 layers, of which the whole first layer has failed. */
export async function measureRerunPlan(address: Address, count: number): Promise<Readings> {
  const fail = (): never => {
    throw new NonRetryable('It is made to fail.');
  };
  const tookMs: number[] = [];
  await withWorker(address, { type: 'bench.plan', slots: layerTasks, handler: fail }, async (client, head) => {
    const { job_id } = await client.createJob({
      ...head,
      tasks: Array.from({ length: tasks }, (_, n) => ({ id: String(n), payload: {}, depends_on: parentsOf(n) })),
    });
    await endsAs('failed', client, job_id);
    while (tookMs.length < count) {
      const startedAt = monotonicMs();
      const { rerun } = await client.rerunPartial(job_id, { dry_run: true });
      tookMs.push(monotonicMs() - startedAt);
      if (rerun.total !== tasks) throw new Error(`The plan runs ${rerun.total} tasks again, of ${tasks}.`);
    }
  });
  const { p50Ms, p99Ms } = percentilesOf(tookMs);
  return { rerun_plan_p50_ms: p50Ms, rerun_plan_p99_ms: p99Ms };
}
