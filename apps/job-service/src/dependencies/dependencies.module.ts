import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { TasksModule } from '../tasks/tasks.module.js';
import { ReleaseTasks } from './release-tasks.js';

/** What waits for what. */
@Module({ imports: [TasksModule, JobsModule, DispatchModule], providers: [ReleaseTasks], exports: [ReleaseTasks] })
export class DependenciesModule {}
