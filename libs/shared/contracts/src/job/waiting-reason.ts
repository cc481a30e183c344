import { planQueueOf } from '../worker/work-slice.js';
import type { BatchJob } from './batch-job.js';
import type { WedgeMark } from './wedge-mark.js';

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

/** A job with what keeps it from going on: that nobody serves the queue that it needs, and what it is wedged by. */
export function withWaits(job: BatchJob, unserved: { has(queue: string): boolean }, wedged: WedgeMark | undefined): BatchJob {
  const queue = queueNeededBy(job);
  return {
    ...job,
    ...(queue !== null && unserved.has(queue) ? { waiting_reason: 'NO_WORKER' } : {}),
    ...(wedged ? { wedged } : {}),
  };
}
