import { Module } from '@nestjs/common';
import { DirectoryModule } from '../directory/directory.module.js';
import { ExternalModule } from '../external/external.module.js';
import { IntakeModule } from '../intake/intake.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { CancelJob } from './commands/cancel-job.js';
import { PauseJob } from './commands/pause-job.js';
import { RerunPartial } from './commands/rerun-partial.js';
import { ResumeJob } from './commands/resume-job.js';
import { RetryJob } from './commands/retry-job.js';
import { SetJobPriority } from './commands/set-job-priority.js';
import { UpdateBatchJob } from './commands/update-batch-job.js';
import { GroupedTasks } from './grouped-tasks.js';
import { LatestDefinition } from './latest-definition.js';
import { Lineage } from './lineage.js';
import { AskedMoves } from './mongo/asked-moves.js';
import { ControlController } from './nats/control.controller.js';
import { NatsGroupedTasks } from './nats/nats-grouped-tasks.js';
import { NatsScheduledJobs } from './nats/nats-scheduled-jobs.js';
import { RunsBeingMade } from './runs-being-made.js';
import { ScheduledJobs } from './scheduled-jobs.js';

/** What a person asks of a job under way. */
@Module({
  imports: [JobsModule, ExternalModule, DirectoryModule, IntakeModule],
  controllers: [ControlController],
  providers: [
    ...[AskedMoves, CancelJob, PauseJob, RerunPartial, ResumeJob, RetryJob, SetJobPriority, UpdateBatchJob],
    ...[RunsBeingMade, Lineage, LatestDefinition],
    { provide: GroupedTasks, useClass: NatsGroupedTasks },
    { provide: ScheduledJobs, useClass: NatsScheduledJobs },
  ],
  exports: [AskedMoves, CancelJob, UpdateBatchJob],
})
export class ControlModule {}
