import type { JobEvent } from '@kintsugi/client';
import { endedTaskStates, type JobStatus, type TaskCounts } from '@kintsugi/contracts';

/** How far a job is, as far as one who follows it needs to know. */
export interface JobProgress {
  status: JobStatus;
  /** null until a planned job has been planned. */
  total: number | null;
  counts: TaskCounts;
}

export function progressOf(job: {
  status: JobStatus;
  total_tasks: number | null;
  task_counts: Record<string, number>;
}): JobProgress {
  return { status: job.status, total: job.total_tasks, counts: job.task_counts };
}

/** What a job's progress is after an event. */
export function advance(progress: JobProgress, event: JobEvent): JobProgress {
  switch (event.event) {
    case 'job.created':
    case 'job.planned':
      return { ...progress, total: event.data.total_tasks };
    case 'job.started':
      return { ...progress, status: 'running' };
    case 'job.paused':
    case 'job.resumed':
    case 'job.released':
    case 'job.reprioritised':
    case 'job.recovered':
    case 'job.cancel_requested':
    case 'job.retry_requested':
      return { ...progress, status: event.data.status };
    case 'snapshot':
    case 'job.progressed':
    case 'job.completed':
    case 'job.failed':
    case 'job.cancelled':
      return progressOf(event.data);
    case 'job.faulted':
    case 'job.outsized':
    case 'job.wedged':
    case 'job.unwedged':
    case 'reset':
    case 'job.deleted':
    case 'task.failed':
    case 'task.lost':
    case 'task.recovered':
      return progress;
  }
}

/** Tasks with which nothing more happens by itself. */
export function settledTasks({ counts }: JobProgress): number {
  return endedTaskStates.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
}
