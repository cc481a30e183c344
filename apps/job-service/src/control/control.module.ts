import { Module } from '@nestjs/common';
import { DirectoryModule } from '../directory/directory.module.js';
import { CancelJob } from './commands/cancel-job.js';
import { Cancellations } from './mongo/cancellations.js';
import { ControlController } from './nats/control.controller.js';

/** What a person asks of a job under way. */
@Module({ imports: [DirectoryModule], controllers: [ControlController], providers: [Cancellations, CancelJob] })
export class ControlModule {}
