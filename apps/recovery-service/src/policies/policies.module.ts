import { Module } from '@nestjs/common';
import { ConfigureRetry } from './commands/configure-retry.js';
import { UnsetRetry } from './commands/unset-retry.js';
import { RetryConfigStore } from './mongo/retry-config-store.js';
import { retryConfigModels } from './mongo/retry-config.schema.js';
import { PoliciesController } from './nats/policies.controller.js';
import { ListRetryConfigs } from './queries/list-retry-configs.js';
import { RetryConfigs } from './retry-configs.js';

/** How failures are retried, by error type. */
@Module({
  imports: [retryConfigModels],
  controllers: [PoliciesController],
  providers: [{ provide: RetryConfigs, useClass: RetryConfigStore }, ConfigureRetry, UnsetRetry, ListRetryConfigs],
  exports: [RetryConfigs],
})
export class PoliciesModule {}
