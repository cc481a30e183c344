import { Module } from '@nestjs/common';
import { OutboxModule } from '../outbox/outbox.module.js';
import { TasksModule } from '../tasks/tasks.module.js';
import { JobLedger } from './job-ledger.js';
import { JobOutbox } from './job-outbox.js';
import { JobStore } from './mongo/job-store.js';
import { RecordedJobs } from './mongo/recorded-jobs.js';
import { TaskStandings } from './mongo/task-standings.js';
import { JobsController } from './nats/jobs.controller.js';
import { JobReader } from './queries/job-reader.js';
import { ListTasks } from './queries/list-tasks.js';

/** Jobs: their records, what their chunks add up to, and the moves that follow from it. */
@Module({
  imports: [OutboxModule, TasksModule],
  controllers: [JobsController],
  providers: [JobStore, JobOutbox, JobLedger, JobReader, ListTasks, RecordedJobs, TaskStandings],
  exports: [JobStore, JobOutbox, JobLedger, JobReader],
})
export class JobsModule {}
