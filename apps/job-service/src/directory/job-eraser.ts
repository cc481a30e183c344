import { Injectable } from '@nestjs/common';
import { isFinished, placeOfBundledJob } from '@kintsugi/contracts';
import { EraseTasks } from '../dispatch/erase-tasks.js';
import { JobLedger } from '../jobs/job-ledger.js';
import { isExternal } from '../jobs/domain/job.js';
import { JobRecords } from '../jobs/job-records.js';
import { JobDirectory } from './job-directory.js';

/** Removes jobs that have ended, with their tasks. Safe to repeat: what is gone is gone. */
@Injectable()
export class JobEraser {
  constructor(
    private readonly directory: JobDirectory,
    private readonly jobs: JobRecords,
    private readonly ledger: JobLedger,
    private readonly eraseTasks: EraseTasks,
  ) {}

  /** Gives the jobs that are still there, because they have not ended. */
  async erase(jobIds: readonly string[]): Promise<string[]> {
    const bundles = new Map<string, number[]>();
    const left: string[] = [];
    for (const jobId of jobIds) {
      const place = placeOfBundledJob(jobId);
      if (place) bundles.set(place.chunkId, [...(bundles.get(place.chunkId) ?? []), place.index]);
      else if (!(await this.eraseOwned(jobId))) left.push(jobId);
    }
    for (const [chunkId, indexes] of bundles) await this.eraseTasks.at(chunkId, indexes);
    for (const jobId of jobIds) if (placeOfBundledJob(jobId) && (await this.directory.open(jobId))) left.push(jobId);
    return left;
  }

  private async eraseOwned(jobId: string): Promise<boolean> {
    const { ledger, jobs } = this;
    const record = await jobs.find(jobId);
    if (record && isExternal(record)) {
      if (!isFinished(record.status)) return false;
      await jobs.remove(jobId);
      return true;
    }
    return ledger.hold([jobId], async () => {
      const entry = ledger.get(jobId);
      if (entry && !(await ledger.beginDeletion(entry))) return false;
      await this.eraseTasks.ofJob(jobId);
      await ledger.remove(jobId);
      return true;
    });
  }
}
