import type { CancelledJobs } from './cancelled-jobs.js';

/** The cancelled jobs without a database, for specs: they keep to the same promises as those in MongoDB. */
export class CancelledJobsInMemory implements CancelledJobs {
  private readonly jobs = new Map<string, 'cancelled' | 'deleted'>();

  async add(jobIds: readonly string[]): Promise<void> {
    for (const jobId of jobIds) if (!this.jobs.has(jobId)) this.jobs.set(jobId, 'cancelled');
  }

  async addDeleted(jobIds: readonly string[]): Promise<void> {
    for (const jobId of jobIds) this.jobs.set(jobId, 'deleted');
  }

  async among(jobIds: readonly string[]): Promise<ReadonlyMap<string, 'cancelled' | 'deleted'>> {
    const asked = new Set(jobIds);
    return new Map([...this.jobs].filter(([jobId]) => asked.has(jobId)));
  }
}
