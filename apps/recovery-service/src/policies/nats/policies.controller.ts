import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import { ConfigureRetry } from '../commands/configure-retry.js';
import { UnsetRetry } from '../commands/unset-retry.js';
import { ListRetryConfigs } from '../queries/list-retry-configs.js';

/** Answers what is asked about retry policies. */
@Controller()
export class PoliciesController {
  constructor(
    private readonly configureRetry: ConfigureRetry,
    private readonly unsetRetry: UnsetRetry,
    private readonly listRetryConfigs: ListRetryConfigs,
  ) {}

  @MessagePattern(subjects.request('recovery', 'configureRetry'))
  async configure(
    @Payload({ schema: operations.configureRetry.request }) request: ActionRequest<'configureRetry'>,
  ): Promise<ActionResponse<'configureRetry'>> {
    return this.configureRetry.execute(request);
  }

  @MessagePattern(subjects.request('recovery', 'unsetRetry'))
  async unset(
    @Payload({ schema: operations.unsetRetry.request }) request: ActionRequest<'unsetRetry'>,
  ): Promise<ActionResponse<'unsetRetry'>> {
    return this.unsetRetry.execute(request);
  }

  @MessagePattern(subjects.request('recovery', 'listRetryConfigs'))
  async list(): Promise<ActionResponse<'listRetryConfigs'>> {
    return this.listRetryConfigs.execute();
  }
}
