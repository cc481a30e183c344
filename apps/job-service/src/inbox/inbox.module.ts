import { Module } from '@nestjs/common';
import { DeadLetters, Faults, KeptDeadLetters, deadLettersControllerOf } from '@kintsugi/hosting';
import { DeadLetterStore } from '@kintsugi/persistence';
import { ControlModule } from '../control/control.module.js';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { IntakeModule } from '../intake/intake.module.js';
import { keyDays } from '../intake/mongo/idempotency-store.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { StepsModule } from '../steps/steps.module.js';
import { CommandReader } from './command-reader.js';
import { ApplyRecovery } from './commands/apply-recovery.js';
import { CarryOutCommand } from './commands/carry-out-command.js';
import { messageKeyOf } from './message-key.js';
import { CommandAnswerer } from './nats/command-answerer.js';
import { CommandConsumer } from './nats/command.consumer.js';

const deadLetters = {
  provide: DeadLetters,
  inject: [DeadLetterStore, CarryOutCommand, Faults],
  useFactory: (store: DeadLetterStore, command: CarryOutCommand, { report: onFault }: Faults) =>
    new DeadLetters([
      new KeptDeadLetters({
        ...{ service: 'job', consumer: 'job-service-commands', store, onFault, keyDays },
        handle: (message) => command.execute(message, messageKeyOf(message.messageId, message.place)),
      }),
    ]),
};

/** Durable commands, and those that could not be carried out. */
@Module({
  imports: [StepsModule, DispatchModule, IntakeModule, ControlModule, JobsModule],
  controllers: [CommandConsumer, deadLettersControllerOf('job')],
  providers: [CommandReader, ApplyRecovery, CarryOutCommand, CommandAnswerer, deadLetters],
  exports: [CommandAnswerer],
})
export class InboxModule {}
