import { Injectable } from '@nestjs/common';
import { CancelledJobs } from '../../records/cancelled-jobs.js';
import { ErrorRecords } from '../../records/error-records.js';

/** Ends the recovery of all tasks of cancelled jobs, and remembers the jobs for failures that come late. */
@Injectable()
export class CancelRecoveries {
  constructor(
    private readonly records: ErrorRecords,
    private readonly cancelledJobs: CancelledJobs,
  ) {}

  async execute(jobIds: readonly string[]): Promise<void> {
    const now = new Date();
    // Remembered first: whatever is recorded from here on is decided with the job known to be cancelled.
    await this.cancelledJobs.add(jobIds, now);
    await this.records.cancelJobs(jobIds, now.toISOString());
  }
}
