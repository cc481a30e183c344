import { Module } from '@nestjs/common';
import { DirectoryModule } from '../directory/directory.module.js';
import { CancelJob } from './commands/cancel-job.js';
import { PauseJob } from './commands/pause-job.js';
import { ResumeJob } from './commands/resume-job.js';
import { SetJobPriority } from './commands/set-job-priority.js';
import { AskedMoves } from './mongo/asked-moves.js';
import { ControlController } from './nats/control.controller.js';

/** What a person asks of a job under way. */
@Module({
  imports: [DirectoryModule],
  controllers: [ControlController],
  providers: [AskedMoves, CancelJob, PauseJob, ResumeJob, SetJobPriority],
  exports: [CancelJob],
})
export class ControlModule {}
