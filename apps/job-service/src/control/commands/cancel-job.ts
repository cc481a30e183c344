import { Injectable } from '@nestjs/common';
import { ProblemError, type BatchJob } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { JobDirectory } from '../../directory/job-directory.js';
import { GetJob } from '../../directory/queries/get-job.js';
import { jobTransitions, movesFrom } from '../../jobs/domain/job-lifecycle.js';
import { Cancellations } from '../mongo/cancellations.js';

/**
 * Cancels a job: what waits ends now, what runs is asked to stop. A job that is cancelled already stays so; one that is
 * being cancelled is walked once more.
 */
@Injectable()
export class CancelJob {
  constructor(
    private readonly directory: JobDirectory,
    private readonly getJob: GetJob,
    private readonly cancellations: Cancellations,
  ) {}

  async execute(jobId: string, origin: Origin): Promise<BatchJob> {
    const job = await this.directory.get(jobId);
    const isMade = job.status === 'cancelled' || (await job.apply('cancel'));
    const after = await this.getJob.execute(jobId);
    // Its last task may have ended in the moment before.
    if (!isMade || (after.status !== 'cancelling' && after.status !== 'cancelled')) throw notCancellable(after);
    await this.cancellations.note(jobId, origin);
    return after;
  }
}

function notCancellable(job: BatchJob): ProblemError {
  return new ProblemError('STATE_CONFLICT', `The job is ${job.status}: there is nothing left to cancel.`, {
    current: job.status,
    allowed: [...jobTransitions.cancel.from],
    errors: [{ path: 'data.job_id', rule: 'STATE', got: job.status, allowed: movesFrom(job.status).join(', ') || 'no move' }],
  });
}
