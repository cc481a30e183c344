import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import { TheOrigin } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { ForgetPoolHost } from '../commands/forget-pool-host.js';

/** Takes what people say of hosts of pools. */
@Controller()
export class PoolHostsController {
  constructor(private readonly forgetPoolHost: ForgetPoolHost) {}

  @MessagePattern(subjects.request('recovery', 'forgetPoolHost'))
  async forget(
    @Payload({ schema: operations.forgetPoolHost.request }) request: ActionRequest<'forgetPoolHost'>,
    @TheOrigin() origin: Origin,
  ): Promise<ActionResponse<'forgetPoolHost'>> {
    return this.forgetPoolHost.execute(request, origin);
  }
}
