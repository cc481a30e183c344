import { Module } from '@nestjs/common';
import { Bus, CommandPublisher } from '@kintsugi/messaging';
import { RecordsModule } from '../records/records.module.js';
import { CommandQueue } from './command-queue.js';
import { CommandSender } from './command-sender.js';
import { KeptSteps } from './kept-steps.js';
import { NatsKeptSteps } from './nats/nats-kept-steps.js';
import { NatsTaskStatuses } from './nats/nats-task-statuses.js';
import { TaskStatuses } from './task-statuses.js';

/** What recovery asks of job-service. */
@Module({
  imports: [RecordsModule],
  providers: [
    { provide: CommandQueue, inject: [Bus], useFactory: (bus: Bus): CommandQueue => new CommandPublisher(bus) },
    { provide: TaskStatuses, useClass: NatsTaskStatuses },
    { provide: KeptSteps, useClass: NatsKeptSteps },
    CommandSender,
  ],
  exports: [CommandSender, TaskStatuses, KeptSteps],
})
export class TaskCommandsModule {}
