import type { Client } from '@kintsugi/client';
import type { Task } from '@kintsugi/contracts';

/** All tasks of a job. */
export async function tasksOf(client: Client, jobId: string): Promise<Task[]> {
  const tasks: Task[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await client.listTasks(jobId, { limit: 200, ...(cursor ? { cursor } : {}) });
    tasks.push(...page.items);
    if (!page.next_cursor) return tasks;
    cursor = page.next_cursor;
  }
}
