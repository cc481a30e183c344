import { Worker, type WorkerOptions } from 'bullmq';
import type { WorkerProfile } from '../domain/systems.js';
import { lanes, type TaskPayload } from '../domain/task-payload.js';
import type { TaskWorker, TaskWorkerOptions } from '../load/task-worker.js';
import { connectionOf } from './redis-connection.js';

/** Beside concurrency; what is left out is BullMQ's own default. */
const settingsOf: Record<WorkerProfile, Partial<WorkerOptions>> = {
  default: {},
  tuned: {},
  // As short as a lock can sensibly be: it is renewed every second.
  'short-lock': { lockDuration: 2_000, stalledInterval: 1_000 },
};

export async function startBullmqWorker({
  address,
  lanes: wanted,
  profile,
  concurrency,
  run,
}: TaskWorkerOptions): Promise<TaskWorker> {
  const workers = wanted.map((lane) => {
    const worker = new Worker<TaskPayload>(lanes[lane], async ({ data }) => run(lane, data), {
      connection: connectionOf(address),
      ...settingsOf[profile],
      ...(profile === 'default' ? {} : { concurrency }),
    });
    // A connection that is lost at the end is no news; jobs that fail are found by the count.
    worker.on('error', () => undefined);
    return worker;
  });
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  return {
    async stop(): Promise<void> {
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}
