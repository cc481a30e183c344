import type { ActionResponse, RetryConfig } from '@kintsugi/contracts';
import type { RetryConfigStore } from '../mongo/retry-config-store.js';

/** The default policy and those set by error type. */
export class ListRetryConfigs {
  constructor(
    private readonly configs: RetryConfigStore,
    private readonly defaultPolicy: RetryConfig,
  ) {}

  async execute(): Promise<ActionResponse<'listRetryConfigs'>> {
    return { default: this.defaultPolicy, items: await this.configs.all() };
  }
}
