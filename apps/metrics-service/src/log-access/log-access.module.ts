import { Module } from '@nestjs/common';
import { JobHistoryModule } from '../job-history/job-history.module.js';
import { TaskLogsModule } from '../task-logs/task-logs.module.js';
import { JobLogsController } from './nats/job-logs.controller.js';
import { ReadJobLog } from './queries/read-job-log.js';
import { VisibleJobs } from './queries/visible-job.js';

/** The logs of jobs, for those who may see the jobs. */
@Module({
  imports: [TaskLogsModule, JobHistoryModule],
  controllers: [JobLogsController],
  providers: [VisibleJobs, ReadJobLog],
})
export class LogAccessModule {}
