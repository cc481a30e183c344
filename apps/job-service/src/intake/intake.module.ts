import { Module } from '@nestjs/common';
import { DependenciesModule } from '../dependencies/dependencies.module.js';
import { DirectoryModule } from '../directory/directory.module.js';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { ExternalModule } from '../external/external.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { TasksModule } from '../tasks/tasks.module.js';
import { AnswerCreateJob } from './answer-create-job.js';
import { AcceptJob } from './commands/accept-job.js';
import { AcceptJobs } from './commands/accept-jobs.js';
import { BundleIntake } from './commands/bundle-intake.js';
import { CreateChildJob } from './commands/create-child-job.js';
import { ChunkedIntake } from './commands/chunked-intake.js';
import { CopyJob } from './commands/copy-job.js';
import { ExternalIntake } from './commands/external-intake.js';
import { CommitPlan } from './commands/commit-plan.js';
import { Staging } from './commands/staging.js';
import { UniqueJobs } from './commands/unique-jobs.js';
import { CreatedJobs } from './created-jobs.js';
import { IncomingJobs } from './incoming-job.js';
import { CreatedJobRecords } from './mongo/created-job-records.js';
import { IdempotencyStore } from './mongo/idempotency-store.js';
import { IntakeController } from './nats/intake.controller.js';
import { JobDoor } from './nats/job-door.js';
import { PreviewJob } from './queries/preview-job.js';

/** How jobs come in: in bundles, in chunks, as uploads, and by plans. */
@Module({
  imports: [TasksModule, JobsModule, ExternalModule, DispatchModule, DependenciesModule, DirectoryModule],
  controllers: [IntakeController],
  providers: [
    IdempotencyStore,
    CreatedJobRecords,
    CreatedJobs,
    IncomingJobs,
    Staging,
    BundleIntake,
    ChunkedIntake,
    ExternalIntake,
    CommitPlan,
    AcceptJob,
    UniqueJobs,
    CopyJob,
    PreviewJob,
    AnswerCreateJob,
    AcceptJobs,
    CreateChildJob,
    JobDoor,
  ],
  exports: [CopyJob, CreatedJobs, IdempotencyStore, IncomingJobs, ChunkedIntake, CommitPlan, AcceptJob, AnswerCreateJob, JobDoor],
})
export class IntakeModule {}
