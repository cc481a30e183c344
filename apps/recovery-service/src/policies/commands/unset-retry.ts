import { Inject, Injectable } from '@nestjs/common';
import type { ActionRequest, ActionResponse } from '@kintsugi/contracts';
import { SETTINGS } from '@kintsugi/hosting';
import { defaultPolicyOf, type PolicySettings } from '../../recovery-service.config.js';
import { configFor } from '../domain/retry-policy.js';
import { RetryConfigs } from '../retry-configs.js';

/** Takes back what was set for an error type, so that from the next failure on a prefix or the default holds for it. */
@Injectable()
export class UnsetRetry {
  constructor(
    private readonly configs: RetryConfigs,
    @Inject(SETTINGS) private readonly settings: PolicySettings,
  ) {}

  async execute({ error_type }: ActionRequest<'unsetRetry'>): Promise<ActionResponse<'unsetRetry'>> {
    const removed = await this.configs.remove(error_type);
    return { config: configFor(await this.configs.all(), error_type) ?? defaultPolicyOf(this.settings), removed };
  }
}
