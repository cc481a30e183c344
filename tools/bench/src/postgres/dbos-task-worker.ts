import { DBOS } from '@dbos-inc/dbos-sdk';
import { lanes, type TaskPayload } from '../domain/task-payload.js';
import type { TaskWorker, TaskWorkerOptions } from '../load/task-worker.js';
import { dbosApplication, pollingIntervalMs } from './dbos-settings.js';

const connectionsMax = 10;

/** Each task is a workflow of one step. Its tables are made here, at the first launch. */
export async function startDbosWorker({ address, lanes: wanted, concurrency, run }: TaskWorkerOptions): Promise<TaskWorker> {
  DBOS.setConfig({
    ...dbosApplication,
    systemDatabaseUrl: String(address['url']),
    systemDatabasePoolSize: connectionsMax,
    logLevel: 'error',
  });
  for (const lane of wanted) {
    DBOS.registerWorkflow((payload: TaskPayload) => DBOS.runStep(async () => run(lane, payload), { name: 'handle' }), {
      name: lanes[lane],
    });
  }
  await DBOS.launch();
  for (const lane of wanted) {
    await DBOS.registerQueue(lanes[lane], { workerConcurrency: concurrency, minPollingIntervalMs: pollingIntervalMs });
  }
  return { stop: () => DBOS.shutdown() };
}
