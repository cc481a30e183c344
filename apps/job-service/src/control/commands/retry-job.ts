import { Injectable } from '@nestjs/common';
import { isFinished, type BatchJob, type RetryReceipt } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { JobDirectory } from '../../directory/job-directory.js';
import type { JobHandle } from '../../directory/job-handle.js';
import { ExternalJobs } from '../../external/external-jobs.js';
import { CopyJob } from '../../intake/commands/copy-job.js';
import { JobRecords } from '../../jobs/job-records.js';
import { AskedMoves } from '../mongo/asked-moves.js';
import { RunsBeingMade } from '../runs-being-made.js';
import { runsOf } from '../runs-of-job.js';
import { conflictOf, runConflict } from '../state-conflict.js';

/**
 * Runs a failed job again: as a new job with the same tasks, while none that is a retry of it runs or has completed. Of a
 * job that somebody else runs its producer is asked.
 */
@Injectable()
export class RetryJob {
  private readonly underWay = new Map<string, Promise<RetryReceipt>>();

  constructor(
    private readonly directory: JobDirectory,
    private readonly jobs: JobRecords,
    private readonly external: ExternalJobs,
    private readonly copyJob: CopyJob,
    private readonly asked: AskedMoves,
    private readonly beingMade: RunsBeingMade,
  ) {}

  /** Who asks while it is being done gets the same answer. */
  execute(jobId: string, origin: Origin): Promise<RetryReceipt> {
    const before = this.underWay.get(jobId);
    if (before) return before;
    const receipt = this.retry(jobId, origin).finally(() => this.underWay.delete(jobId));
    this.underWay.set(jobId, receipt);
    return receipt;
  }

  private async retry(jobId: string, origin: Origin): Promise<RetryReceipt> {
    const job = await this.directory.get(jobId);
    const view = job.view();
    if (view.status !== 'failed') throw conflictOf(view, ['failed'], 'only a job that has failed can be retried');
    const receipt = (await this.ask(view, origin.actor.name)) ?? (await this.beingMade.while(view, () => this.copy(job, view)));
    await this.asked.note(jobId, 'retry', origin);
    return receipt;
  }

  /** Null where it is not its producer that runs it. */
  private async ask(view: BatchJob, by: string): Promise<RetryReceipt | null> {
    const outcome = await this.external.request(view.id, { to: 'recovering', by, isAsked: true });
    if (outcome === null) return null;
    const { job } = outcome;
    if (outcome.kind !== 'changed') throw conflictOf(job, ['failed'], 'it is not failed any more');
    const { status, total_tasks, retries: retry_count } = job;
    return { job_id: view.id, original_job_id: view.id, status, total_tasks, retry_count };
  }

  private async copy(job: JobHandle, view: BatchJob): Promise<RetryReceipt> {
    const { last, status, retry_count } = await runsOf(view, this.jobs, this.directory);
    if (status !== undefined && (!isFinished(status) || status === 'completed')) {
      throw runConflict({ id: last, status }, ['failed', 'cancelled'], `The job is ${view.status}: it was retried`);
    }
    const { replayed: _, ...receipt } = await this.copyJob.execute(job, retry_count, () => this.requireStillFailed(view));
    return { ...receipt, original_job_id: view.id, retry_count };
  }

  /** A person may have had one of its tasks run again while it was copied. */
  private async requireStillFailed({ id }: BatchJob): Promise<void> {
    const now = await this.directory.get(id);
    if (now.status !== 'failed') throw conflictOf(now, ['failed'], 'it is not failed any more, and nothing was made');
  }
}
