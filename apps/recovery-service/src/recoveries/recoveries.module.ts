import { Module } from '@nestjs/common';
import { PoliciesModule } from '../policies/policies.module.js';
import { RecordsModule } from '../records/records.module.js';
import { TaskCommandsModule } from '../task-commands/task-commands.module.js';
import { ManualRecover } from './commands/manual-recover.js';
import { RecoverableRecordStore } from './mongo/recoverable-record-store.js';
import { RecoveriesController } from './nats/recoveries.controller.js';
import { RecordTakeover } from './record-takeover.js';
import { RecoverableRecords } from './recoverable-records.js';
import { RecoveryRefusals } from './recovery-refusals.js';

const shared = [{ provide: RecoverableRecords, useClass: RecoverableRecordStore }, RecoveryRefusals, RecordTakeover];

/** What people ask to be run again. */
@Module({
  imports: [RecordsModule, PoliciesModule, TaskCommandsModule],
  controllers: [RecoveriesController],
  providers: [...shared, ManualRecover],
  exports: shared,
})
export class RecoveriesModule {}
