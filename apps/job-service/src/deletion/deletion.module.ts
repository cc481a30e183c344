import { Module } from '@nestjs/common';
import { ControlModule } from '../control/control.module.js';
import { DirectoryModule } from '../directory/directory.module.js';
import { IntakeModule } from '../intake/intake.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { CarryOutDeletion } from './carry-out-deletion.js';
import { DeleteJob } from './commands/delete-job.js';
import { DeletionRounds } from './deletion-rounds.js';
import { JobTraces, OtherServices } from './job-traces.js';
import { StoredJobTraces } from './mongo/stored-job-traces.js';
import { DeletionController } from './nats/deletion.controller.js';
import { NatsOtherServices } from './nats/nats-other-services.js';

const ports = [
  { provide: JobTraces, useClass: StoredJobTraces },
  { provide: OtherServices, useClass: NatsOtherServices },
];

/** How jobs go, with all that is kept of them. */
@Module({
  imports: [JobsModule, DirectoryModule, IntakeModule, ControlModule],
  controllers: [DeletionController],
  providers: [...ports, CarryOutDeletion, DeletionRounds, DeleteJob],
  exports: [DeletionRounds],
})
export class DeletionModule {}
