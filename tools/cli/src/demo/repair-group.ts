import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@kintsugi/client';
import { isFinished, type ErrorGroup } from '@kintsugi/contracts';

export interface Repair {
  /** Tasks that were run again. */
  accepted: number;
  /** Those that succeeded then. */
  repaired: number;
}

const pollMs = 200;
const patienceMs = 60_000;

/**
 * Runs the failed tasks of a group again with corrected parameters and waits until they have ended. The job is asked
 * and not followed, because just after the recovery it may still be seen as ended.
 */
export async function repairGroup(
  client: Client,
  jobId: string,
  group: ErrorGroup,
  customParams: Record<string, string>,
  watch: { onProgress: (repaired: number, accepted: number) => void; signal: AbortSignal },
): Promise<Repair> {
  const before = (await client.getJob(jobId)).task_counts['succeeded'] ?? 0;
  const { accepted } = await client.manualRecover({
    group_id: group.id,
    job_id: jobId,
    recovery_options: { force: false, ignore_conditions: false, custom_params: customParams },
  });
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const job = await client.getJob(jobId);
    const repaired = (job.task_counts['succeeded'] ?? 0) - before;
    watch.onProgress(repaired, accepted);
    const hasHealed = repaired >= accepted && isFinished(job.status);
    if (hasHealed || performance.now() > deadline) return { accepted, repaired };
    await delay(pollMs, undefined, { signal: watch.signal });
  }
}
