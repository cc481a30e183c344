import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { SETTINGS } from '@kintsugi/hosting';
import { Store, ensureRetention } from '@kintsugi/persistence';
import { RecordsModule } from '../records/records.module.js';
import type { RecoveryServiceSettings } from '../recovery-service.config.js';
import { ConfigureRetry } from './commands/configure-retry.js';
import { RevertRetry } from './commands/revert-retry.js';
import { UnsetRetry } from './commands/unset-retry.js';
import { RetryConfigStore, retryConfigRetention } from './mongo/retry-config-store.js';
import { retryConfigModels } from './mongo/retry-config.schema.js';
import { PoliciesController } from './nats/policies.controller.js';
import { DiffRetryConfig } from './queries/diff-retry-config.js';
import { GetRetryConfig } from './queries/get-retry-config.js';
import { ListRetryConfigs } from './queries/list-retry-configs.js';
import { TestRetry } from './queries/test-retry.js';
import { RetryConfigs } from './retry-configs.js';

const commands = [ConfigureRetry, UnsetRetry, RevertRetry];
const queries = [ListRetryConfigs, GetRetryConfig, DiffRetryConfig, TestRetry];

/** How failures are retried, by error type. */
@Module({
  imports: [retryConfigModels, RecordsModule],
  controllers: [PoliciesController],
  providers: [{ provide: RetryConfigs, useClass: RetryConfigStore }, ...commands, ...queries],
  exports: [RetryConfigs],
})
export class PoliciesModule implements OnModuleInit {
  constructor(
    private readonly store: Store,
    @Inject(SETTINGS) private readonly settings: RecoveryServiceSettings,
  ) {}

  async onModuleInit(): Promise<void> {
    await ensureRetention(this.store, { ...retryConfigRetention, days: this.settings.ERROR_RETENTION_DAYS });
  }
}
