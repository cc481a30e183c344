import { Injectable } from '@nestjs/common';
import { ProblemError, placeOfBundledJob, type BatchJob, type JobStatus } from '@kintsugi/contracts';
import { CancelTasks } from '../../dispatch/cancel-tasks.js';
import { jobTransitions, movesFrom } from '../../jobs/domain/job-lifecycle.js';
import { JobLedger } from '../../jobs/job-ledger.js';
import { jobNotFound } from '../../jobs/queries/job-reader.js';
import { GetJob } from '../queries/get-job.js';

/**
 * Cancels a job: what waits ends now, what runs is asked to stop. A job that is cancelled already stays so; one that is
 * being cancelled is walked once more.
 */
@Injectable()
export class CancelJob {
  constructor(
    private readonly getJob: GetJob,
    private readonly ledger: JobLedger,
    private readonly cancelTasks: CancelTasks,
  ) {}

  async execute(jobId: string): Promise<BatchJob> {
    const place = placeOfBundledJob(jobId);
    const job = await this.getJob.execute(jobId);
    if (job.status === 'cancelled') return job;
    if (job.status !== 'cancelling' && !(jobTransitions.cancel.from as readonly JobStatus[]).includes(job.status)) {
      throw notCancellable(job);
    }
    if (place) await this.cancelTasks.at(place.chunkId, place.index);
    else await this.cancelOwner(jobId);
    return this.getJob.execute(jobId);
  }

  private async cancelOwner(jobId: string): Promise<void> {
    const { ledger } = this;
    await ledger.hold([jobId], async () => {
      const entry = ledger.get(jobId);
      if (!entry) throw jobNotFound(jobId);
      if (!entry.isCancelling && !(await ledger.move(entry, 'cancel'))) {
        throw notCancellable(await this.getJob.execute(jobId));
      }
      await this.cancelTasks.ofJob(jobId);
      ledger.settle(jobId);
    });
  }
}

function notCancellable(job: BatchJob): ProblemError {
  return new ProblemError('STATE_CONFLICT', `The job is ${job.status}: there is nothing left to cancel.`, {
    current: job.status,
    allowed: [...jobTransitions.cancel.from],
    errors: [{ path: 'data.job_id', rule: 'STATE', got: job.status, allowed: movesFrom(job.status).join(', ') || 'no move' }],
  });
}
