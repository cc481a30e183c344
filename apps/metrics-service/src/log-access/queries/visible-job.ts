import { Injectable } from '@nestjs/common';
import { ProblemError, isFinished, maySee } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { JobHistory } from '../../job-history/domain/job-history.js';
import { stateOf } from '../../job-history/domain/job-state.js';
import { LiveJobs } from '../../job-history/queries/live-jobs.js';
import { jobNotFound } from '../../job-history/domain/job-not-found.js';

/** What was written before the end of a job has come in after this long. */
const settledAfterMs = 2_000;

/** A job as far as the reader of its log needs to know it. */
export interface VisibleJob {
  /** It ended some seconds ago. */
  isOver: boolean;
}

/** Finds the job whose log is asked for; one of another tenant is not there. */
@Injectable()
export class VisibleJobs {
  constructor(
    private readonly history: JobHistory,
    private readonly live: LiveJobs,
  ) {}

  async require(jobId: string, origin: Origin): Promise<VisibleJob> {
    const row = await this.history.find(jobId);
    if (row?.head) {
      if (!maySee(origin.actor, row.head.tenant)) throw jobNotFound(jobId);
      return { isOver: isSettled(stateOf(row).finished_at) };
    }
    const live = await this.live.get(jobId, origin);
    if (live.kind === 'away') {
      const next = 'Neither the history nor job-service can say whose this job is now. Try again in a moment.';
      throw new ProblemError('SERVICE_UNAVAILABLE', next, { retry_after: 1 });
    }
    if (live.kind === 'missing' || !maySee(origin.actor, live.job.tenant)) throw jobNotFound(jobId);
    const { status, finished_at: finishedAt } = live.job;
    return { isOver: isFinished(status) && isSettled(finishedAt ? Date.parse(finishedAt) : null) };
  }
}

function isSettled(finishedAt: number | null): boolean {
  return finishedAt !== null && Date.now() - finishedAt > settledAfterMs;
}
