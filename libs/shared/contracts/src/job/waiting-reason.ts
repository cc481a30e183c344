import { planQueueOf } from '../worker/work-slice.js';
import type { BatchJob } from './batch-job.js';

/**
 * The queue of whose workers a job needs one before more of it can start, as far as its own stats tell; null where it
 * needs none now.
 */
export function queueNeededBy({
  status,
  type,
  total_tasks,
  task_counts,
  executor,
}: Pick<BatchJob, 'status' | 'type' | 'total_tasks' | 'task_counts'> & Partial<Pick<BatchJob, 'executor'>>): string | null {
  if (executor === 'external') return null;
  if (status !== 'pending' && status !== 'running' && status !== 'recovering') return null;
  if (total_tasks === null) return planQueueOf(type);
  return status === 'pending' || (task_counts['ready'] ?? 0) > 0 ? type : null;
}
