import { Inject, Injectable } from '@nestjs/common';
import type { ActionRequest, ActionResponse } from '@kintsugi/contracts';
import { SETTINGS } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { Clock } from '../../platform/clock.js';
import { defaultPolicyOf, type PolicySettings } from '../../recovery-service.config.js';
import { configFor } from '../domain/retry-policy.js';
import { changeBy, RetryConfigs } from '../retry-configs.js';

/** Takes back what was set for an error type, so that from the next failure on a prefix or the default holds for it. */
@Injectable()
export class UnsetRetry {
  constructor(
    private readonly configs: RetryConfigs,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: PolicySettings,
  ) {}

  async execute(
    { error_type }: ActionRequest<'unsetRetry'>,
    { actor }: Pick<Origin, 'actor'>,
  ): Promise<ActionResponse<'unsetRetry'>> {
    const change = changeBy(actor, this.clock.now());
    const { replaced: removed = false } = (await this.configs.change(error_type, null, change)) ?? {};
    return { config: configFor(await this.configs.all(), error_type) ?? defaultPolicyOf(this.settings).config, removed };
  }
}
