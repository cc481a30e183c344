import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type Fleet } from '@kintsugi/contracts';
import { TheOrigin } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { GetFleet } from '../queries/get-fleet.js';

/** Answers how the platform goes on. */
@Controller()
export class FleetController {
  constructor(private readonly getFleet: GetFleet) {}

  @MessagePattern(subjects.request('metrics', 'getFleet'))
  fleet(
    @Payload({ schema: operations.getFleet.request }) _: ActionRequest<'getFleet'>,
    @TheOrigin() origin: Origin,
  ): Promise<Fleet> {
    return this.getFleet.execute(origin);
  }
}
