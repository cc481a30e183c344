import type { Client } from '@kintsugi/client';
import type { Task } from '@kintsugi/contracts';
import { allOf } from '../all-of.js';

/** All tasks of a job. */
export function tasksOf(client: Client, jobId: string): Promise<Task[]> {
  return allOf((query) => client.listTasks(jobId, query));
}
