import { Controller, Get } from '@nestjs/common';
import type { Fleet } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { NeedsRole, TellsOfAllTenants } from '../../keys/http/access.js';
import { TheOrigin } from '../../keys/http/caller.js';
import { Backend } from '../../nats/backend.js';
import { Weighs } from '../../rates/http/weight.js';

/** How the platform goes on, for reading. */
@Controller('v1/fleet')
export class FleetController {
  constructor(private readonly backend: Backend) {}

  @Get()
  @NeedsRole('viewer')
  @TellsOfAllTenants()
  @Weighs(5)
  getFleet(@TheOrigin() origin: Origin): Promise<Fleet> {
    return this.backend.ask('getFleet', {}, origin);
  }
}
