import { Module } from '@nestjs/common';
import { DependenciesModule } from '../dependencies/dependencies.module.js';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { TasksModule } from '../tasks/tasks.module.js';
import { FullRooms } from './full-rooms.js';
import { HeldParts } from './held-parts.js';
import { WedgeStore } from './mongo/wedge-store.js';
import { WedgesController } from './nats/wedges.controller.js';
import { ReadWaiting } from './read-waiting.js';
import { WedgeRecords } from './wedge-records.js';
import { WedgeWatch } from './wedge-watch.js';

/** Jobs that cannot end as things stand. */
@Module({
  imports: [OutboxModule, TasksModule, JobsModule, DispatchModule, DependenciesModule],
  controllers: [WedgesController],
  providers: [HeldParts, FullRooms, ReadWaiting, WedgeStore, { provide: WedgeRecords, useExisting: WedgeStore }, WedgeWatch],
  exports: [WedgeWatch],
})
export class WedgesModule {}
