import { Module } from '@nestjs/common';
import { FleetController } from './nats/fleet.controller.js';
import { NatsFleetSource } from './nats/nats-fleet-source.js';
import { FleetSource, GetFleet } from './queries/get-fleet.js';

/** How the platform as a whole goes on. */
@Module({
  controllers: [FleetController],
  providers: [GetFleet, { provide: FleetSource, useClass: NatsFleetSource }],
  exports: [FleetSource],
})
export class FleetModule {}
