import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { ExternalModule } from '../external/external.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { TasksModule } from '../tasks/tasks.module.js';
import { CheckDependencies } from './check-dependencies.js';
import { ReleaseJobs } from './release-jobs.js';
import { ReleaseTasks } from './release-tasks.js';

/** What waits for what. */
@Module({
  imports: [TasksModule, JobsModule, ExternalModule, DispatchModule],
  providers: [ReleaseTasks, ReleaseJobs, CheckDependencies],
  exports: [ReleaseTasks, ReleaseJobs, CheckDependencies],
})
export class DependenciesModule {}
