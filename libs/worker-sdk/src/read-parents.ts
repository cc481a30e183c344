import { limits, workerActor, type TaskPage } from '@kintsugi/contracts';
import { callAction, ownOrigin, type Bus } from '@kintsugi/messaging';
import type { ParentTask, ReadParents } from './task-context.js';

const timeoutMs = 30_000;

/** Reads the tasks that one waits for from job-service, a page at a time, and only when the handler asks. */
export function readParentsBy(bus: Bus, workerId: string): ReadParents {
  return async function* (task): AsyncGenerator<ParentTask> {
    let cursor: string | undefined;
    do {
      const page: TaskPage = await callAction(
        bus,
        'listTasks',
        { job_id: task.job_id, parents_of: task.id, limit: limits.pageSize, ...(cursor === undefined ? {} : { cursor }) },
        { timeoutMs, origin: ownOrigin(workerActor(workerId)) },
      );
      for (const { id, key, state, payload, result, error } of page.items) yield { id, key, state, payload, result, error };
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
  };
}
