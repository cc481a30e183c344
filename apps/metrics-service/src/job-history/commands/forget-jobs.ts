import { Injectable } from '@nestjs/common';
import { DeadLetterStore } from '@kintsugi/persistence';
import { LogStore } from '../../task-logs/log-store.js';
import { JobHistory } from '../domain/job-history.js';
import { deletedRow } from '../domain/job-row.js';

/** Removes deleted jobs from the history, and their logs. That they were deleted stays there for a while, so that nothing late brings them back. */
@Injectable()
export class ForgetJobs {
  constructor(
    private readonly history: JobHistory,
    private readonly deadLetters: DeadLetterStore,
    private readonly logs: LogStore,
  ) {}

  async execute(jobIds: readonly string[]): Promise<void> {
    const now = Date.now();
    await this.history.record(jobIds.map((jobId) => ({ row: deletedRow(jobId, now), repeated: true })));
    await this.deadLetters.removeAbout(jobIds);
    await this.logs.forget(jobIds);
  }
}
