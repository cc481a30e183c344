import { Module } from '@nestjs/common';
import { DependenciesModule } from '../dependencies/dependencies.module.js';
import { DirectoryModule } from '../directory/directory.module.js';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { TasksModule } from '../tasks/tasks.module.js';
import { WedgesModule } from '../wedges/wedges.module.js';
import { PingedStore } from './mongo/pinged-store.js';
import { DiagnosisController } from './nats/diagnosis.controller.js';
import { ExplainJob } from './queries/explain-job.js';
import { QueuePlaces } from './queue-places.js';
import { StorePulse } from './store-pulse.js';

/** What keeps jobs from going on. */
@Module({
  imports: [TasksModule, JobsModule, DispatchModule, DependenciesModule, WedgesModule, DirectoryModule],
  controllers: [DiagnosisController],
  providers: [ExplainJob, QueuePlaces, { provide: StorePulse, useClass: PingedStore }],
})
export class DiagnosisModule {}
