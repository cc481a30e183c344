import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import { KeepStep } from '../keep-step.js';

/** Takes what workers have kept. */
@Controller()
export class StepsController {
  constructor(private readonly keepStep: KeepStep) {}

  @MessagePattern(subjects.request('job', 'keepStep'))
  async keep(
    @Payload({ schema: operations.keepStep.request }) step: ActionRequest<'keepStep'>,
  ): Promise<ActionResponse<'keepStep'>> {
    await this.keepStep.execute(step);
    return { kept: true };
  }
}
