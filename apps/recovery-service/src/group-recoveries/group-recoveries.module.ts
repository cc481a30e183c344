import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { SETTINGS } from '@kintsugi/hosting';
import { Store, ensureIndexes, ensureRetention } from '@kintsugi/persistence';
import { GroupsModule } from '../groups/groups.module.js';
import { RecordsModule } from '../records/records.module.js';
import { RecoveriesModule } from '../recoveries/recoveries.module.js';
import type { RecoveryServiceSettings } from '../recovery-service.config.js';
import { AwaitedJobs } from './awaited-jobs.js';
import { AdvanceRecovery } from './commands/advance-recovery.js';
import { ApproveGroupRecovery } from './commands/approve-group-recovery.js';
import { AwaitConditions } from './commands/await-conditions.js';
import { CancelGroupRecovery } from './commands/cancel-group-recovery.js';
import { ChooseRecords } from './commands/choose-records.js';
import { ForgetOldItems } from './commands/forget-old-items.js';
import { RecoverGroup } from './commands/recover-group.js';
import { GroupRecoveries } from './group-recoveries.js';
import { GroupRecoveryClock } from './group-recovery-clock.js';
import { GroupRecoveryLedger } from './group-recovery-ledger.js';
import { GroupRecoveryReader } from './group-recovery-reader.js';
import { GroupRecoveryStore, groupRecoveryIndexes, groupRecoveryRetention } from './mongo/group-recovery-store.js';
import { NatsAwaitedJobs } from './nats/nats-awaited-jobs.js';
import { GroupRecoveriesController } from './nats/group-recoveries.controller.js';
import { GetGroupRecovery } from './queries/get-group-recovery.js';
import { ListGroupRecoveries } from './queries/list-group-recoveries.js';
import { ListRecoveryItems } from './queries/list-recovery-items.js';
import { PlanRecovery } from './queries/plan-recovery.js';
import { RecoveryBell } from './recovery-bell.js';
import { WaitNotes } from './wait-notes.js';

const steps = [
  RecoveryBell,
  WaitNotes,
  GroupRecoveryLedger,
  ChooseRecords,
  AwaitConditions,
  AdvanceRecovery,
  ForgetOldItems,
  GroupRecoveryClock,
];
const uses = [
  PlanRecovery,
  RecoverGroup,
  ApproveGroupRecovery,
  CancelGroupRecovery,
  ListGroupRecoveries,
  GetGroupRecovery,
  ListRecoveryItems,
];

/** Groups of failures that are run again a few at first, and then all of them. */
@Module({
  imports: [RecordsModule, GroupsModule, RecoveriesModule],
  controllers: [GroupRecoveriesController],
  providers: [
    { provide: GroupRecoveries, useClass: GroupRecoveryStore },
    { provide: AwaitedJobs, useClass: NatsAwaitedJobs },
    GroupRecoveryReader,
    ...steps,
    ...uses,
  ],
  exports: [GroupRecoveryClock],
})
export class GroupRecoveriesModule implements OnModuleInit {
  constructor(
    private readonly store: Store,
    @Inject(SETTINGS) private readonly settings: RecoveryServiceSettings,
  ) {}

  async onModuleInit(): Promise<void> {
    await ensureIndexes(this.store, groupRecoveryIndexes);
    await ensureRetention(this.store, { ...groupRecoveryRetention, days: this.settings.ERROR_RETENTION_DAYS });
  }
}
