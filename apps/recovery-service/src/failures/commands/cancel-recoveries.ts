import { Injectable } from '@nestjs/common';
import { CancelledJobs } from '../../records/mongo/cancelled-jobs.js';
import { ErrorRecordStore } from '../../records/mongo/error-record-store.js';

/** Ends the recovery of all tasks of cancelled jobs, and remembers the jobs for failures that come late. */
@Injectable()
export class CancelRecoveries {
  constructor(
    private readonly records: ErrorRecordStore,
    private readonly cancelledJobs: CancelledJobs,
  ) {}

  async execute(jobIds: readonly string[]): Promise<void> {
    const now = new Date();
    // Remembered first: whatever is recorded from here on is decided with the job known to be cancelled.
    await this.cancelledJobs.add(jobIds, now);
    await this.records.cancelJobs(jobIds, now.toISOString());
  }
}
