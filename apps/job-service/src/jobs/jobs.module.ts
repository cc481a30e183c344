import { Module } from '@nestjs/common';
import { OutboxModule } from '../outbox/outbox.module.js';
import { TasksModule } from '../tasks/tasks.module.js';
import { JobLedger } from './job-ledger.js';
import { JobOutbox } from './job-outbox.js';
import { JobRecords } from './job-records.js';
import { JobStore } from './mongo/job-store.js';
import { RecordedJobs } from './mongo/recorded-jobs.js';
import { TaskStatuses } from './mongo/task-statuses.js';
import { JobsController } from './nats/jobs.controller.js';

/** Jobs: their records, what their chunks add up to, and the moves that follow from it. */
@Module({
  imports: [OutboxModule, TasksModule],
  controllers: [JobsController],
  providers: [JobStore, { provide: JobRecords, useExisting: JobStore }, JobOutbox, JobLedger, RecordedJobs, TaskStatuses],
  exports: [JobRecords, JobOutbox, JobLedger],
})
export class JobsModule {}
