import { Inject, Injectable } from '@nestjs/common';
import type { ActionRequest, RetryConfigDetails } from '@kintsugi/contracts';
import { SETTINGS } from '@kintsugi/hosting';
import { defaultPolicyOf, type PolicySettings } from '../../recovery-service.config.js';
import { configFor } from '../domain/retry-policy.js';
import { RetryConfigs } from '../retry-configs.js';

/** What holds for an error type, and how that was changed. */
@Injectable()
export class GetRetryConfig {
  constructor(
    private readonly configs: RetryConfigs,
    @Inject(SETTINGS) private readonly settings: PolicySettings,
  ) {}

  async execute({ error_type }: ActionRequest<'getRetryConfig'>): Promise<RetryConfigDetails> {
    const [all, history] = await Promise.all([this.configs.all(), this.configs.history(error_type)]);
    return { error_type, holds: configFor(all, error_type) ?? defaultPolicyOf(this.settings).config, history };
  }
}
