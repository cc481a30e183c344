import { Injectable } from '@nestjs/common';
import { ProblemError, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { Clock } from '../../platform/clock.js';
import { requireUsableConfig } from '../require-usable-config.js';
import { changeBy, retryConfigsMax, RetryConfigs } from '../retry-configs.js';

/** Sets how failures of an error type are retried, from the next failure on. */
@Injectable()
export class ConfigureRetry {
  constructor(
    private readonly configs: RetryConfigs,
    private readonly clock: Clock,
  ) {}

  async execute(
    { config }: ActionRequest<'configureRetry'>,
    { actor }: Pick<Origin, 'actor'>,
  ): Promise<ActionResponse<'configureRetry'>> {
    const { error_type } = config;
    requireUsableConfig(config);
    if ((await this.configs.count()) >= retryConfigsMax && !(await this.configs.has(error_type))) {
      throw new ProblemError(
        'STATE_CONFLICT',
        `There are ${retryConfigsMax} retry configs already. Use prefixes such as smtp.* to need fewer.`,
      );
    }
    const change = changeBy(actor, this.clock.now());
    const { replaced = false, version = 1 } = (await this.configs.change(error_type, config, change)) ?? {};
    return { config, replaced, version };
  }
}
