import { Module } from '@nestjs/common';
import { Bus, CommandPublisher } from '@kintsugi/messaging';
import { RecordsModule } from '../records/records.module.js';
import { CommandSender } from './nats/command-sender.js';
import { NatsTaskStatuses } from './nats/nats-task-statuses.js';

/** What recovery asks of job-service. */
@Module({
  imports: [RecordsModule],
  providers: [
    { provide: CommandPublisher, inject: [Bus], useFactory: (bus: Bus) => new CommandPublisher(bus) },
    CommandSender,
    NatsTaskStatuses,
  ],
  exports: [CommandSender, NatsTaskStatuses],
})
export class TaskCommandsModule {}
