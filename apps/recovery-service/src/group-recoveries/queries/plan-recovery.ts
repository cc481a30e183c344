import { Injectable } from '@nestjs/common';
import { limits, type GroupRecoveryPlan } from '@kintsugi/contracts';
import { RecoverableRecords } from '../../recoveries/recoverable-records.js';
import { RecoveryRefusals } from '../../recoveries/recovery-refusals.js';
import { partOf, type StoredGroupRecovery } from '../domain/group-recovery.js';

/** Records that are counted; of more it is told so. */
const countedMax = 100_000;
/** Records that are looked at. */
const checkedMax = 1_000;

/** What the recovery of a group comes to, by its newest records. */
@Injectable()
export class PlanRecovery {
  constructor(
    private readonly recoverable: RecoverableRecords,
    private readonly refusals: RecoveryRefusals,
  ) {}

  async execute(recovery: StoredGroupRecovery): Promise<GroupRecoveryPlan> {
    const part = partOf(recovery);
    const [records, checked] = await Promise.all([
      this.recoverable.countUnrecovered(part, countedMax),
      this.recoverable.newestUnrecovered(part, checkedMax),
    ]);
    const refused = await this.refusals.of(checked, recovery);
    const unsafe = checked.filter(({ told }) => told?.safety === 'unsafe').length;
    return {
      ...{ records, checked: checked.length, refused_count: refused.length, refused: refused.slice(0, limits.problemErrors) },
      estimated_seconds: Math.ceil(records / recovery.rate_per_second),
      warnings: [
        ...(records === countedMax ? [`There are more than ${countedMax} records; the estimate is of so many.`] : []),
        ...(unsafe > 0 ? [`${unsafe} of the tasks are unsafe to run twice: find out first whether they took effect.`] : []),
        ...(records > 0 && refused.length === checked.length
          ? ['None of the records that were looked at can be run again.']
          : []),
      ],
    };
  }
}
