import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { isFinished, type JobReceipt, type Unique } from '@kintsugi/contracts';
import { untilReachable } from '@kintsugi/persistence';
import { JobDirectory } from '../../directory/job-directory.js';
import { holdOf } from '../../jobs/domain/unique-hold.js';
import { RerunHolds } from '../../jobs/rerun-holds.js';
import { JobRecords } from '../../jobs/job-records.js';
import { UniqueConflict } from '../../jobs/unique-conflict.js';
import { ChunkedIntake } from './chunked-intake.js';

/** How long the answer to a job waits until the one that it replaces has ended, and between two looks at that. */
const waitMaxMs = 8_000;
const lookEveryMs = 50;

export interface Claimant {
  jobId: string;
  unique: Unique | undefined;
  tenant: string;
  userId: string;
  /** The job that it is a run of: a key that this one, or another run of it, holds after its end passes on to it. */
  runOf?: string;
}

/**
 * Lets in jobs with a unique key: who holds it is looked up before anything is staged, and the write that makes a job takes
 * the key or is refused by the index, so that of several at once one is made.
 */
@Injectable()
export class UniqueJobs {
  constructor(
    private readonly jobs: JobRecords,
    private readonly directory: JobDirectory,
    private readonly chunked: ChunkedIntake,
    private readonly holds: RerunHolds,
  ) {}

  async admit(claimant: Claimant, accept: () => Promise<JobReceipt>): Promise<JobReceipt> {
    const { unique, tenant, jobId } = claimant;
    if (!unique) return accept();
    const hold = holdOf(unique, tenant);
    const until = performance.now() + waitMaxMs;
    for (;;) {
      const holder = await untilReachable(() => this.jobs.holderOf(hold));
      if (holder !== null && holder !== jobId) {
        const answer = await this.meet(hold, holder, claimant, until);
        if (answer) return answer;
        continue;
      }
      try {
        return await accept();
      } catch (error) {
        // Another one came first: its holder is met as if it had been there before.
        if (!(error instanceof UniqueConflict)) throw error;
      }
    }
  }

  /** The job that holds a unique key; null where it is free. */
  holderOf(unique: Unique, tenant: string): Promise<string | null> {
    return this.jobs.holderOf(holdOf(unique, tenant));
  }

  /** What becomes of a job whose key is held: an answer, or none once it may be tried again. */
  private async meet(hold: string, holder: string, claimant: Claimant, until: number): Promise<JobReceipt | null> {
    const { unique, jobId, userId, runOf } = claimant;
    const job = await this.directory.open(holder);
    if (!job) return null;
    const held = job.view();
    const isOfSameJob = runOf !== undefined && (held.id === runOf || held.original_job_id === runOf);
    if (isFinished(held.status) && (isOfSameJob || unique?.on_conflict === 'replace')) {
      await this.holds.giveUp(holder);
      return null;
    }
    if (unique?.on_conflict === 'return') {
      await this.chunked.abandon(jobId);
      return { job_id: held.id, status: held.status, total_tasks: held.total_tasks, replayed: true };
    }
    if (unique?.on_conflict === 'replace') {
      if (held.status !== 'cancelling') await job.apply('cancel', { by: userId });
      if ((await untilReachable(() => this.jobs.holderOf(hold))) !== holder) return null;
      if (performance.now() < until) {
        await delay(lookEveryMs);
        return null;
      }
    }
    await this.chunked.abandon(jobId);
    if (unique?.on_conflict !== 'replace') throw new UniqueConflict(hold, holder);
    throw new UniqueConflict(hold, holder, 'It is being cancelled, and what it runs has not ended yet: send the job again');
  }
}
