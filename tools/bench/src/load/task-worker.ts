import type { Lane, TaskPayload } from '../domain/task-payload.js';
import type { WorkerProfile } from '../domain/systems.js';
import type { Address } from '../system/system-under-test.js';

export interface TaskWorkerOptions {
  address: Address;
  lanes: Lane[];
  profile: WorkerProfile;
  /** Tasks that run at once. */
  concurrency: number;
  run: (lane: Lane, payload: TaskPayload) => Promise<void> | void;
}

/** Runs the tasks of one system in the worker process. */
export interface TaskWorker {
  stop(): Promise<void>;
}

/** Resolves once the worker is ready for tasks. */
export type TaskWorkerFactory = (options: TaskWorkerOptions) => Promise<TaskWorker>;
