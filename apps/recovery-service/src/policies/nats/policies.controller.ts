import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import { TheOrigin } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { ConfigureRetry } from '../commands/configure-retry.js';
import { RevertRetry } from '../commands/revert-retry.js';
import { UnsetRetry } from '../commands/unset-retry.js';
import { DiffRetryConfig } from '../queries/diff-retry-config.js';
import { GetRetryConfig } from '../queries/get-retry-config.js';
import { ListRetryConfigs } from '../queries/list-retry-configs.js';
import { TestRetry } from '../queries/test-retry.js';

/** Answers what is asked about retry policies. */
@Controller()
export class PoliciesController {
  constructor(
    private readonly configureRetry: ConfigureRetry,
    private readonly unsetRetry: UnsetRetry,
    private readonly revertRetry: RevertRetry,
    private readonly listRetryConfigs: ListRetryConfigs,
    private readonly getRetryConfig: GetRetryConfig,
    private readonly diffRetryConfig: DiffRetryConfig,
    private readonly testRetry: TestRetry,
  ) {}

  @MessagePattern(subjects.request('recovery', 'configureRetry'))
  async configure(
    @Payload({ schema: operations.configureRetry.request }) request: ActionRequest<'configureRetry'>,
    @TheOrigin() origin: Origin,
  ): Promise<ActionResponse<'configureRetry'>> {
    return this.configureRetry.execute(request, origin);
  }

  @MessagePattern(subjects.request('recovery', 'unsetRetry'))
  async unset(
    @Payload({ schema: operations.unsetRetry.request }) request: ActionRequest<'unsetRetry'>,
    @TheOrigin() origin: Origin,
  ): Promise<ActionResponse<'unsetRetry'>> {
    return this.unsetRetry.execute(request, origin);
  }

  @MessagePattern(subjects.request('recovery', 'revertRetry'))
  async revert(
    @Payload({ schema: operations.revertRetry.request }) request: ActionRequest<'revertRetry'>,
    @TheOrigin() origin: Origin,
  ): Promise<ActionResponse<'revertRetry'>> {
    return this.revertRetry.execute(request, origin);
  }

  @MessagePattern(subjects.request('recovery', 'listRetryConfigs'))
  async list(): Promise<ActionResponse<'listRetryConfigs'>> {
    return this.listRetryConfigs.execute();
  }

  @MessagePattern(subjects.request('recovery', 'getRetryConfig'))
  async get(
    @Payload({ schema: operations.getRetryConfig.request }) request: ActionRequest<'getRetryConfig'>,
  ): Promise<ActionResponse<'getRetryConfig'>> {
    return this.getRetryConfig.execute(request);
  }

  @MessagePattern(subjects.request('recovery', 'diffRetryConfig'))
  async diff(
    @Payload({ schema: operations.diffRetryConfig.request }) request: ActionRequest<'diffRetryConfig'>,
  ): Promise<ActionResponse<'diffRetryConfig'>> {
    return this.diffRetryConfig.execute(request);
  }

  @MessagePattern(subjects.request('recovery', 'testRetry'))
  async test(
    @Payload({ schema: operations.testRetry.request }) request: ActionRequest<'testRetry'>,
    @TheOrigin() origin: Origin,
  ): Promise<ActionResponse<'testRetry'>> {
    return this.testRetry.execute(request, origin);
  }
}
