import { Module } from '@nestjs/common';
import { PoliciesModule } from '../policies/policies.module.js';
import { RecordsModule } from '../records/records.module.js';
import { TaskCommandsModule } from '../task-commands/task-commands.module.js';
import { ManualRecover } from './commands/manual-recover.js';
import { RecoverableRecords } from './mongo/recoverable-records.js';
import { RecoveriesController } from './nats/recoveries.controller.js';

/** What people ask to be run again. */
@Module({
  imports: [RecordsModule, PoliciesModule, TaskCommandsModule],
  controllers: [RecoveriesController],
  providers: [RecoverableRecords, ManualRecover],
})
export class RecoveriesModule {}
