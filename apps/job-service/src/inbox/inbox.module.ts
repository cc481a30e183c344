import { Module } from '@nestjs/common';
import { ControlModule } from '../control/control.module.js';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { IntakeModule } from '../intake/intake.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { StepsModule } from '../steps/steps.module.js';
import { CommandReader } from './command-reader.js';
import { ApplyRecovery } from './commands/apply-recovery.js';
import { CommandAnswerer } from './nats/command-answerer.js';
import { CommandConsumer } from './nats/command.consumer.js';

/** Durable commands. */
@Module({
  imports: [StepsModule, DispatchModule, IntakeModule, ControlModule, JobsModule],
  controllers: [CommandConsumer],
  providers: [CommandReader, ApplyRecovery, CommandAnswerer],
  exports: [CommandAnswerer],
})
export class InboxModule {}
