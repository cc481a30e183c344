import { Injectable } from '@nestjs/common';
import { JobLedger } from '../jobs/job-ledger.js';
import { CancelTasks } from './cancel-tasks.js';

/** Has jobs fail as a whole: what waits ends now, what runs is asked to stop. Safe to repeat. */
@Injectable()
export class AbortJob {
  constructor(
    private readonly ledger: JobLedger,
    private readonly cancelTasks: CancelTasks,
  ) {}

  async execute(jobId: string): Promise<void> {
    const { ledger } = this;
    await ledger.hold([jobId], async () => {
      const entry = ledger.get(jobId);
      if (!entry || (!entry.isCancelling && !(await ledger.move(entry, 'abort')))) return;
      await this.cancelTasks.ofJob(jobId);
      ledger.settle(jobId);
    });
  }
}
