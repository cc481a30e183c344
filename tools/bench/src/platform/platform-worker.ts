import { createWorker } from '@kintsugi/worker-sdk';
import { lanes, type TaskPayload } from '../domain/task-payload.js';
import type { TaskWorker, TaskWorkerOptions } from '../load/task-worker.js';

/** A worker as users write it; nothing is tuned but the number of its slots, which is the default. */
export async function startPlatformWorker({ address, lanes: wanted, concurrency, run }: TaskWorkerOptions): Promise<TaskWorker> {
  const worker = createWorker({ natsUrl: String(address['nats']), name: 'bench', slots: concurrency });
  for (const lane of wanted) worker.handle<TaskPayload>(lanes[lane], ({ task }) => run(lane, task.payload));
  await worker.start();
  return { stop: () => worker.stop() };
}
