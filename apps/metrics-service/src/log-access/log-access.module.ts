import { Module } from '@nestjs/common';
import { JobHistoryModule } from '../job-history/job-history.module.js';
import { TaskLogsModule } from '../task-logs/task-logs.module.js';
import { JobEnds, SweepLogs } from './commands/sweep-logs.js';
import { KnownJobEnds } from './known-job-ends.js';
import { LogSweeper } from './log-sweeper.js';
import { JobLogsController } from './nats/job-logs.controller.js';
import { ReadJobLog } from './queries/read-job-log.js';
import { VisibleJobs } from './queries/visible-job.js';

/** The logs of jobs, for those who may see the jobs, and for as long as they are kept. */
@Module({
  imports: [TaskLogsModule, JobHistoryModule],
  controllers: [JobLogsController],
  providers: [VisibleJobs, ReadJobLog, { provide: JobEnds, useClass: KnownJobEnds }, SweepLogs, LogSweeper],
})
export class LogAccessModule {}
