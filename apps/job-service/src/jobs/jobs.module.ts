import { Module } from '@nestjs/common';
import { OutboxModule } from '../outbox/outbox.module.js';
import { TasksModule } from '../tasks/tasks.module.js';
import { Deletions } from './deletions.js';
import { JobLedger } from './job-ledger.js';
import { JobOutbox } from './job-outbox.js';
import { JobRecords } from './job-records.js';
import { ChildJobs } from './child-jobs.js';
import { ChildJobStore } from './mongo/child-job-store.js';
import { JobWaits } from './job-waits.js';
import { DeletionStore } from './mongo/deletion-store.js';
import { JobStore } from './mongo/job-store.js';
import { JobWaitStore } from './mongo/job-wait-store.js';
import { RecordedJobs } from './mongo/recorded-jobs.js';
import { TaskStatuses } from './mongo/task-statuses.js';
import { JobsController } from './nats/jobs.controller.js';
import { RerunHolds } from './rerun-holds.js';

const stores = [
  ...[JobStore, DeletionStore, JobWaitStore, ChildJobStore],
  { provide: JobRecords, useExisting: JobStore },
  { provide: ChildJobs, useExisting: ChildJobStore },
  { provide: JobWaits, useExisting: JobWaitStore },
  { provide: Deletions, useExisting: DeletionStore },
];

/** Jobs: their records, what their chunks add up to, and the moves that follow from it. */
@Module({
  imports: [OutboxModule, TasksModule],
  controllers: [JobsController],
  providers: [JobOutbox, JobLedger, RerunHolds, RecordedJobs, TaskStatuses, ...stores],
  exports: [JobRecords, JobWaits, ChildJobs, Deletions, JobOutbox, JobLedger, RerunHolds],
})
export class JobsModule {}
