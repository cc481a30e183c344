import type { CancelledJobs } from './cancelled-jobs.js';

/** The cancelled jobs without a database, for specs: they keep to the same promises as those in MongoDB. */
export class CancelledJobsInMemory implements CancelledJobs {
  private readonly jobs = new Set<string>();
  private readonly deleted = new Set<string>();

  async add(jobIds: readonly string[]): Promise<void> {
    for (const jobId of jobIds) this.jobs.add(jobId);
  }

  async addDeleted(jobIds: readonly string[]): Promise<void> {
    await this.add(jobIds);
    for (const jobId of jobIds) this.deleted.add(jobId);
  }

  async deletedAmong(jobIds: readonly string[]): Promise<Set<string>> {
    return new Set(jobIds.filter((jobId) => this.deleted.has(jobId)));
  }

  async among(jobIds: readonly string[]): Promise<Set<string>> {
    return new Set(jobIds.filter((jobId) => this.jobs.has(jobId)));
  }
}
