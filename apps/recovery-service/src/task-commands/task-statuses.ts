import type { TaskStatus } from '@kintsugi/contracts';

/** How tasks stand with job-service. */
export abstract class TaskStatuses {
  /** The statuses by task, those of tasks that no longer exist left out; null when job-service does not answer. */
  abstract of(taskIds: readonly string[]): Promise<Map<string, TaskStatus> | null>;
}
