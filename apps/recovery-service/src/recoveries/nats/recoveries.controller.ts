import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import { TheOrigin } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { ManualRecover } from '../commands/manual-recover.js';

/** Takes what people ask to be run again. */
@Controller()
export class RecoveriesController {
  constructor(private readonly manualRecover: ManualRecover) {}

  @MessagePattern(subjects.request('recovery', 'manualRecover'))
  async recover(
    @Payload({ schema: operations.manualRecover.request }) request: ActionRequest<'manualRecover'>,
    @TheOrigin() origin: Origin,
  ): Promise<ActionResponse<'manualRecover'>> {
    return this.manualRecover.execute(request, origin);
  }
}
