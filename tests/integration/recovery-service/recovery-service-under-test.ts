import type { Metrics } from '@kintsugi/observability';
import { Store } from '@kintsugi/persistence';
import type { TestServers } from '@kintsugi/testing';
import { recoveryService } from '../../../apps/recovery-service/src/recovery-service.js';
import { startService, type ServiceUnderTest } from '../service-under-test.js';

export const recoveryDatabase = 'kintsugi_recovery';

/** A look of the test's own into its database. */
export function recoveryStore({ mongoUrl }: Pick<TestServers, 'mongoUrl'>): Promise<Store> {
  return Store.connect({ url: mongoUrl, database: recoveryDatabase, applicationName: 'test' }, () => undefined);
}

/** recovery-service in this process. */
export interface RecoveryServiceUnderTest extends Pick<ServiceUnderTest<never>, 'faults'> {
  metrics: Metrics;
  stop(): Promise<void>;
}

/** Waits of a fifth of a second without jitter, unless the environment says otherwise. */
export async function startRecoveryService(
  servers: TestServers,
  environment: Record<string, string> = {},
): Promise<RecoveryServiceUnderTest> {
  const { service, faults } = await startService(recoveryService, servers, {
    RETRY_WAIT_SECONDS: '0.2',
    RETRY_JITTER: 'none',
    ...environment,
  });
  return { metrics: service.metrics, faults, stop: () => service.close() };
}
