import { Module } from '@nestjs/common';
import { TaskCommandsModule } from '../task-commands/task-commands.module.js';
import { StartDueRetries } from './commands/start-due-retries.js';
import { RetryTimerStore } from './mongo/retry-timer-store.js';
import { RetryClock } from './retry-clock.js';
import { RetryTimers } from './retry-timers.js';

/** Retries that wait for their time. */
@Module({
  imports: [TaskCommandsModule],
  providers: [{ provide: RetryTimers, useClass: RetryTimerStore }, StartDueRetries, RetryClock],
  exports: [RetryClock],
})
export class RetriesModule {}
