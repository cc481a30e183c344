import { Module } from '@nestjs/common';
import { TaskCommandsModule } from '../task-commands/task-commands.module.js';
import { StartDueRetries } from './commands/start-due-retries.js';
import { RetryTimers } from './mongo/retry-timers.js';
import { RetryClock } from './retry-clock.js';

/** Retries that wait for their time. */
@Module({
  imports: [TaskCommandsModule],
  providers: [RetryTimers, StartDueRetries, RetryClock],
  exports: [RetryClock],
})
export class RetriesModule {}
