import { Module } from '@nestjs/common';
import { FailuresModule } from '../failures/failures.module.js';
import { TaskCommandsModule } from '../task-commands/task-commands.module.js';
import { ResendCommands } from './commands/resend-commands.js';
import { OwingRecords } from './mongo/owing-records.js';

/** Commands that job-service may never have got. */
@Module({
  imports: [TaskCommandsModule, FailuresModule],
  providers: [OwingRecords, ResendCommands],
  exports: [ResendCommands],
})
export class ResendsModule {}
