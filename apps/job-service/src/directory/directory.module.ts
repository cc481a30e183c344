import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { DependenciesModule } from '../dependencies/dependencies.module.js';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { ExternalModule } from '../external/external.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { StepsModule } from '../steps/steps.module.js';
import { TasksModule } from '../tasks/tasks.module.js';
import { WedgesModule } from '../wedges/wedges.module.js';
import { FollowParents } from './follow-parents.js';
import { JobDirectory } from './job-directory.js';
import { JobEraser } from './job-eraser.js';
import { DirectoryController } from './nats/directory.controller.js';
import { TenantGuard } from './nats/tenant-guard.js';
import { GetJob } from './queries/get-job.js';
import { ListParents } from './queries/list-parents.js';
import { ListSteps } from './queries/list-steps.js';
import { ListTasks } from './queries/list-tasks.js';

/** Jobs by id, wherever they are kept. */
@Module({
  imports: [TasksModule, StepsModule, JobsModule, ExternalModule, DispatchModule, DependenciesModule, WedgesModule],
  controllers: [DirectoryController],
  providers: [
    JobDirectory,
    JobEraser,
    FollowParents,
    GetJob,
    ListTasks,
    ListParents,
    ListSteps,
    { provide: APP_GUARD, useClass: TenantGuard },
  ],
  exports: [JobDirectory, JobEraser, FollowParents, GetJob],
})
export class DirectoryModule {}
