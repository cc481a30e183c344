import { Module } from '@nestjs/common';
import { DependenciesModule } from '../dependencies/dependencies.module.js';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { IntakeModule } from '../intake/intake.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { TasksModule } from '../tasks/tasks.module.js';
import { ReaderBacklogs } from './nats/reader-backlogs.js';
import { QueueGauges } from './queue-gauges.js';
import { Reconciler } from './reconciler.js';
import { Stillness } from './stillness.js';
import { TakeOverJobs } from './take-over-jobs.js';

/** What makes up for what was forgotten. */
@Module({
  imports: [OutboxModule, TasksModule, JobsModule, DispatchModule, DependenciesModule, IntakeModule],
  providers: [Reconciler, TakeOverJobs, QueueGauges, ReaderBacklogs, Stillness],
  exports: [Reconciler, TakeOverJobs],
})
export class ReconcileModule {}
