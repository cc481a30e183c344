import { Module } from '@nestjs/common';
import { ControlModule } from '../control/control.module.js';
import { DependenciesModule } from '../dependencies/dependencies.module.js';
import { DirectoryModule } from '../directory/directory.module.js';
import { IntakeModule } from '../intake/intake.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { WedgesModule } from '../wedges/wedges.module.js';
import { AgedJobs } from './aged-jobs.js';
import { CarryOutDeletion } from './carry-out-deletion.js';
import { DeleteJob } from './commands/delete-job.js';
import { DeleteJobs } from './commands/delete-jobs.js';
import { DeletionRounds } from './deletion-rounds.js';
import { JobSearch } from './job-search.js';
import { JobTraces, OtherServices } from './job-traces.js';
import { StoredAgedJobs } from './mongo/stored-aged-jobs.js';
import { StoredJobTraces } from './mongo/stored-job-traces.js';
import { DeletionController } from './nats/deletion.controller.js';
import { NatsJobSearch } from './nats/nats-job-search.js';
import { NatsOtherServices } from './nats/nats-other-services.js';
import { RetentionSweep } from './retention-sweep.js';

const ports = [
  { provide: JobTraces, useClass: StoredJobTraces },
  { provide: JobSearch, useClass: NatsJobSearch },
  { provide: AgedJobs, useClass: StoredAgedJobs },
  { provide: OtherServices, useClass: NatsOtherServices },
];

/** How jobs go, with all that is kept of them. */
@Module({
  imports: [JobsModule, DependenciesModule, DirectoryModule, IntakeModule, ControlModule, WedgesModule],
  controllers: [DeletionController],
  providers: [...ports, CarryOutDeletion, DeletionRounds, DeleteJob, DeleteJobs, RetentionSweep],
  exports: [DeletionRounds, RetentionSweep],
})
export class DeletionModule {}
