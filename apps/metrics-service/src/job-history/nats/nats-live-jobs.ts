import { ProblemError, problemCatalogue, type TaskPage, type TaskState } from '@kintsugi/contracts';
import { callAction, type Bus } from '@kintsugi/messaging';
import type { LiveJob, LiveJobs } from '../queries/live-jobs.js';

/** Well below the time that the caller waits for us, so that history can still answer. */
const timeoutMs = 3_000;

/** Asks job-service over request and reply. */
export class NatsLiveJobs implements LiveJobs {
  constructor(private readonly bus: Bus) {}

  async get(jobId: string): Promise<LiveJob> {
    try {
      return { kind: 'found', job: await callAction(this.bus, 'getJob', { job_id: jobId }, { timeoutMs }) };
    } catch (error) {
      if (isProblemOf(error, 'JOB_NOT_FOUND')) return { kind: 'missing' };
      if (passes(error)) return { kind: 'away' };
      throw error;
    }
  }

  async tasks(jobId: string, state?: TaskState): Promise<TaskPage | null> {
    try {
      return await callAction(this.bus, 'listTasks', { job_id: jobId, ...(state ? { state } : {}) }, { timeoutMs });
    } catch (error) {
      if (passes(error) || isProblemOf(error, 'JOB_NOT_FOUND')) return null;
      throw error;
    }
  }
}

function isProblemOf(error: unknown, code: ProblemError['code']): boolean {
  return error instanceof ProblemError && error.code === code;
}

/** Whether asking again later could help: then the history is better than no answer. */
function passes(error: unknown): boolean {
  return error instanceof ProblemError && problemCatalogue[error.code].retryable;
}
