import { Logger, run as runWorkers } from 'graphile-worker';
import { lanes, type Lane, type TaskPayload } from '../domain/task-payload.js';
import type { TaskWorker, TaskWorkerOptions } from '../load/task-worker.js';

/** What its performance guide advises: jobs fetched 500 at a time, outcomes written in batches without delay. */
const batching = { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 };

/** Two connections more than jobs at once, as its documentation recommends, are more than this needs: jobs do not query. */
const connectionsMax = 10;

export async function startGraphileWorker({
  address,
  lanes: wanted,
  profile,
  concurrency,
  run,
}: TaskWorkerOptions): Promise<TaskWorker> {
  const taskList = Object.fromEntries(
    wanted.map((lane: Lane) => [lanes[lane], async (payload: unknown) => run(lane, payload as TaskPayload)]),
  );
  const runner = await runWorkers({
    taskList,
    preset: {
      worker: {
        connectionString: String(address['url']),
        logger: new Logger(() => () => undefined),
        maxPoolSize: connectionsMax,
        ...(profile === 'default' ? {} : { concurrentJobs: concurrency, ...batching }),
      },
    },
  });
  return { stop: () => runner.stop() };
}
