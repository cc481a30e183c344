import { Injectable } from '@nestjs/common';
import { isFinished } from '@kintsugi/contracts';
import { untilReachable } from '@kintsugi/persistence';
import { holdIn, holdOf } from './domain/unique-hold.js';
import { JobLedger } from './job-ledger.js';
import { JobRecords } from './job-records.js';
import { UniqueConflict } from './unique-conflict.js';

/**
 * The unique keys of ended jobs of which something is to run again: each takes its key anew first. While another job has it,
 * nothing is run; whoever asked asks again.
 */
@Injectable()
export class RerunHolds {
  constructor(
    private readonly jobs: JobRecords,
    private readonly ledger: JobLedger,
  ) {}

  /** Whether the job has a unique key that it does not hold now. */
  isMissing(jobId: string): boolean {
    const job = this.ledger.get(jobId)?.job;
    return job?.unique !== undefined && !job.unique_hold;
  }

  /** Runs `work` once the job holds its key, if that is free. A key that the work has given no use is free again. */
  async taking(jobId: string, work: () => Promise<void>): Promise<void> {
    const { ledger } = this;
    await ledger.hold([jobId], async () => {
      const unique = ledger.get(jobId)?.job.unique;
      if (!unique) return;
      try {
        await this.set(jobId, true);
      } catch (error) {
        if (error instanceof UniqueConflict) return;
        throw error;
      }
      if (this.isMissing(jobId)) return;
      await work();
      const entry = ledger.get(jobId);
      const isUnused = entry && isFinished(entry.job.status) && entry.nextMove() === null;
      if (isUnused && holdIn(entry.job, entry.job.status) === null) await this.set(jobId, false);
    });
  }

  /** Has an ended job give up its key, for whoever takes its place. */
  async giveUp(jobId: string): Promise<void> {
    await this.ledger.hold([jobId], async () => {
      const entry = this.ledger.get(jobId);
      if (entry?.job.executor !== 'external' && entry?.job.unique) await this.set(jobId, false);
      else await untilReachable(() => this.jobs.setHold(jobId, null));
    });
  }

  private async set(jobId: string, isHeld: boolean): Promise<void> {
    const entry = this.ledger.get(jobId);
    if (!entry?.job.unique) return;
    const hold = isHeld ? holdOf(entry.job.unique, entry.job.tenant) : null;
    const job = await untilReachable(() => this.jobs.setHold(jobId, hold));
    if (job) entry.take(job);
  }
}
