import type { ActionResponse, RetryConfig } from '@kintsugi/contracts';
import { configFor } from '../domain/retry-policy.js';
import type { RetryConfigs } from '../retry-configs.js';

/** What holds for all others, and what was set by error type. */
export class ListRetryConfigs {
  constructor(
    private readonly configs: RetryConfigs,
    private readonly defaultPolicy: RetryConfig,
  ) {}

  async execute(): Promise<ActionResponse<'listRetryConfigs'>> {
    const items = await this.configs.all();
    return { default: configFor(items, '*') ?? this.defaultPolicy, items };
  }
}
