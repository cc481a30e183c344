import type { Logger, Metrics } from '@kintsugi/observability';
import type { FailureGroups } from '../groups/failure-groups.js';
import type { Clock } from '../platform/clock.js';
import type { ManualRecoveries } from '../records/manual-recoveries.js';
import type { RecoveryItems } from '../records/recovery-items.js';
import type { RecoverableRecords } from '../recoveries/recoverable-records.js';
import type { RecordTakeover } from '../recoveries/record-takeover.js';
import type { RecoveryRefusals } from '../recoveries/recovery-refusals.js';
import { AdvanceRecovery } from './commands/advance-recovery.js';
import { ApproveGroupRecovery } from './commands/approve-group-recovery.js';
import { AwaitConditions } from './commands/await-conditions.js';
import { CancelGroupRecovery } from './commands/cancel-group-recovery.js';
import { ChooseRecords } from './commands/choose-records.js';
import { ForgetOldItems } from './commands/forget-old-items.js';
import { RecoverGroup } from './commands/recover-group.js';
import type { AwaitedJobs } from './awaited-jobs.js';
import type { GroupRecoveries } from './group-recoveries.js';
import { GroupRecoveryClock } from './group-recovery-clock.js';
import { GroupRecoveryLedger } from './group-recovery-ledger.js';
import { GroupRecoveryReader } from './group-recovery-reader.js';
import { GetGroupRecovery } from './queries/get-group-recovery.js';
import { ListGroupRecoveries } from './queries/list-group-recoveries.js';
import { ListRecoveryItems } from './queries/list-recovery-items.js';
import { PlanRecovery } from './queries/plan-recovery.js';
import { RecoveryBell } from './recovery-bell.js';
import { WaitNotes } from './wait-notes.js';
import { stillnessSample } from '../platform/stillness-sample.js';

interface Parts {
  recoveries: GroupRecoveries;
  items: RecoveryItems;
  manualRecoveries: ManualRecoveries;
  recoverable: RecoverableRecords;
  refusals: RecoveryRefusals;
  takeover: RecordTakeover;
  groups: FailureGroups;
  jobs: AwaitedJobs;
  metrics: Metrics;
  clock: Clock;
  logger: Logger;
}

/** The recoveries of groups as one replica has them, over given stores, for specs. */
export function groupRecoveriesInMemory(parts: Parts) {
  const { recoveries, items, manualRecoveries, recoverable, refusals, takeover, groups, jobs, metrics, clock, logger } = parts;
  const reader = new GroupRecoveryReader(recoveries, items);
  const bell = new RecoveryBell();
  const waitNotes = new WaitNotes(recoveries, recoverable, logger);
  const ledger = new GroupRecoveryLedger(recoveries, items, waitNotes, bell, metrics, clock, logger);
  const choose = new ChooseRecords(recoveries, items, recoverable, refusals, groups, clock);
  const conditions = new AwaitConditions(recoveries, manualRecoveries, recoverable, jobs, ledger, clock, logger);
  const advance = new AdvanceRecovery(items, recoverable, manualRecoveries, takeover, choose, ledger, clock);
  const plan = new PlanRecovery(recoverable, refusals);
  const forget = new ForgetOldItems(recoveries, items);
  return {
    recover: new RecoverGroup(recoveries, manualRecoveries, recoverable, groups, jobs, plan, reader, waitNotes, bell, clock),
    approve: new ApproveGroupRecovery(reader, recoveries, clock),
    cancel: new CancelGroupRecovery(reader, ledger),
    get: new GetGroupRecovery(reader),
    list: new ListGroupRecoveries(recoveries, reader),
    items: new ListRecoveryItems(reader, items),
    steps: new GroupRecoveryClock(recoveries, advance, conditions, forget, bell, stillnessSample(), logger),
    forget,
  };
}
