import { Module } from '@nestjs/common';
import { FailuresModule } from '../failures/failures.module.js';
import { TaskCommandsModule } from '../task-commands/task-commands.module.js';
import { ResendCommands } from './commands/resend-commands.js';
import { OwingRecordStore } from './mongo/owing-record-store.js';
import { OwingRecords } from './owing-records.js';

/** Commands that job-service may never have got. */
@Module({
  imports: [TaskCommandsModule, FailuresModule],
  providers: [{ provide: OwingRecords, useClass: OwingRecordStore }, ResendCommands],
  exports: [ResendCommands],
})
export class ResendsModule {}
