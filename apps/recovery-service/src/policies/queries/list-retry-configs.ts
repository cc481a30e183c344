import { Inject, Injectable } from '@nestjs/common';
import type { ActionResponse, ListedRetryConfig, RetryConfig } from '@kintsugi/contracts';
import { SETTINGS } from '@kintsugi/hosting';
import { defaultPolicyOf, type PolicySettings } from '../../recovery-service.config.js';
import { configFor } from '../domain/retry-policy.js';
import { RetryConfigs } from '../retry-configs.js';

/** What holds for all others, and what was set by error type. */
@Injectable()
export class ListRetryConfigs {
  constructor(
    private readonly configs: RetryConfigs,
    @Inject(SETTINGS) private readonly settings: PolicySettings,
  ) {}

  async execute(): Promise<ActionResponse<'listRetryConfigs'>> {
    const items = await this.configs.listed();
    const ofAllOthers = configFor(items, '*');
    return { default: ofAllOthers ? withoutVersion(ofAllOthers) : defaultPolicyOf(this.settings).config, items };
  }
}

function withoutVersion({ version: _version, changed_at: _at, changed_by: _by, ...config }: ListedRetryConfig): RetryConfig {
  return config;
}
