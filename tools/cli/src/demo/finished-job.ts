import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@kintsugi/client';
import type { JobInfo } from '@kintsugi/contracts';

const pollMs = 100;
/** The history is written from events, a moment after the job. */
const patienceMs = 10_000;

/** A job that has ended, with the stats of its whole course. */
export async function finishedJob(client: Client, jobId: string, signal: AbortSignal): Promise<JobInfo> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const job = await client.getJobInfo(jobId, { include_metrics: true });
    const isComplete = typeof job.metrics?.submit_to_done_ms_p99 === 'number';
    if (isComplete || performance.now() > deadline) return job;
    await delay(pollMs, undefined, { signal });
  }
}
