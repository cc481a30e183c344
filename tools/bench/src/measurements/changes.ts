import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@kintsugi/client';
import type { BatchJob } from '@kintsugi/contracts';
import type { Readings } from '../domain/figure-book.js';
import { monotonicMs } from '../load/monotonic-clock.js';
import type { Address } from '../system/system-under-test.js';
import { percentilesOf } from './percentiles.js';
import { until } from './until.js';
import { withWorker } from './with-worker.js';

/** More than are run while a job is changed: it is cancelled before it could end. */
const tasks = 10_000;
const taskMs = 20;
const slots = 10;

interface Change {
  make: (client: Client, jobId: string) => Promise<BatchJob>;
  isSeen: (job: BatchJob) => boolean;
}

/** In this order, so that each finds a job that it changes. */
const changes: Change[] = [
  { make: (client, id) => client.setJobPriority(id, 7), isSeen: ({ priority }) => priority === 7 },
  { make: (client, id) => client.pauseJob(id), isSeen: ({ status }) => status === 'paused' },
  { make: (client, id) => client.resumeJob(id), isSeen: ({ status }) => status === 'running' },
  { make: (client, id) => client.cancelJob(id), isSeen: ({ status }) => status === 'cancelled' || status === 'cancelling' },
];

/** From the call that changes a running job until everybody sees it: who asks for the job, and who lists jobs. */
export async function measureChanges(address: Address, rounds: number): Promise<Readings> {
  const tookMs: number[] = [];
  await withWorker(address, { type: 'bench.changes', slots, handler: () => delay(taskMs) }, async (client, head) => {
    for (let round = 0; round < rounds; round += 1) {
      const user = `bench-${round}`;
      const { job_id } = await client.createJob({
        ...{ ...head, user_id: user },
        tasks: Array.from({ length: tasks }, () => ({ payload: {} })),
      });
      await seen(client, { job_id, user }, ({ status }) => status === 'running');
      for (const { make, isSeen } of changes) {
        const startedAt = monotonicMs();
        await make(client, job_id);
        await seen(client, { job_id, user }, isSeen);
        tookMs.push(monotonicMs() - startedAt);
      }
    }
  });
  const { p50Ms, p99Ms } = percentilesOf(tookMs);
  return { change_seen_p50_ms: p50Ms, change_seen_p99_ms: p99Ms };
}

async function seen(client: Client, job: { job_id: string; user: string }, isSeen: Change['isSeen']): Promise<void> {
  const views = [
    () => client.getJob(job.job_id),
    async () => (await client.listJobs({ user_id: job.user })).items.find(({ id }) => id === job.job_id),
  ];
  await Promise.all(
    views.map((view) =>
      until(`a change of ${job.job_id} is seen`, async () => {
        const found = await view();
        return found && isSeen(found) ? true : null;
      }),
    ),
  );
}
