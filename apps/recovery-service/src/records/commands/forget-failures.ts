import { Injectable } from '@nestjs/common';
import { DeadLetterStore } from '@kintsugi/persistence';
import { CancelledJobs } from '../cancelled-jobs.js';
import { ErrorRecords } from '../error-records.js';
import { ManualRecoveries } from '../manual-recoveries.js';
import { RecoveryItems } from '../recovery-items.js';

/** Error records removed at once. */
const groupMax = 1_000;

/** Removes what is known of failures of deleted jobs, with what people have asked for about them. */
@Injectable()
export class ForgetFailures {
  constructor(
    private readonly records: ErrorRecords,
    private readonly recoveries: ManualRecoveries,
    private readonly recoveryItems: RecoveryItems,
    private readonly cancelledJobs: CancelledJobs,
    private readonly deadLetters: DeadLetterStore,
  ) {}

  async execute(jobIds: readonly string[]): Promise<void> {
    // Noted first: whatever is told of them from here on is not recorded.
    await this.cancelledJobs.addDeleted(jobIds, new Date());
    let removed: string[];
    do {
      removed = await this.records.removeSome(jobIds, groupMax);
      await this.recoveries.removeOf(removed, jobIds);
      await this.recoveryItems.removeOf(removed);
    } while (removed.length > 0);
    await this.deadLetters.removeAbout(jobIds);
  }
}
