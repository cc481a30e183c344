import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { CancelJob } from './commands/cancel-job.js';
import { ControlController } from './nats/control.controller.js';
import { GetJob } from './queries/get-job.js';

/** What a person asks of a job under way. */
@Module({
  imports: [JobsModule, DispatchModule],
  controllers: [ControlController],
  providers: [GetJob, CancelJob],
})
export class ControlModule {}
