import type { ActionRequest, ActionResponse, RetryConfig } from '@kintsugi/contracts';
import { configFor } from '../domain/retry-policy.js';
import type { RetryConfigs } from '../retry-configs.js';

/** Takes back what was set for an error type, so that from the next failure on a prefix or the default holds for it. */
export class UnsetRetry {
  constructor(
    private readonly configs: RetryConfigs,
    private readonly defaultPolicy: RetryConfig,
  ) {}

  async execute({ error_type }: ActionRequest<'unsetRetry'>): Promise<ActionResponse<'unsetRetry'>> {
    const removed = await this.configs.remove(error_type);
    return { config: configFor(await this.configs.all(), error_type) ?? this.defaultPolicy, removed };
  }
}
