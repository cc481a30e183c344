import { Bus } from '@kintsugi/messaging';
import type { Metrics } from '@kintsugi/observability';
import type { Store } from '@kintsugi/persistence';
import type { TestServers } from '@kintsugi/testing';
import type { JobRow } from '../../../apps/metrics-service/src/job-history/domain/job-row.js';
import { rowsOf, type HistoryPage } from '../../../apps/metrics-service/src/job-history/mongo/history-page.js';
import { metricsService } from '../../../apps/metrics-service/src/metrics-service.js';
import { startService, type ServiceUnderTest } from '../service-under-test.js';

/** metrics-service in this process, and what a test looks at it with. */
export interface MetricsServiceUnderTest extends Pick<ServiceUnderTest<never>, 'faults'> {
  /** A connection of the test's own. */
  bus: Bus;
  store: Store;
  metrics: Metrics;
  /** The page that holds only this job: what is searched by, and its row. */
  row(jobId: string): Promise<(Omit<HistoryPage, 'head'> & JobRow) | null>;
  stop(): Promise<void>;
}

export async function startMetricsService(
  servers: TestServers,
  environment: Record<string, string> = {},
): Promise<MetricsServiceUnderTest> {
  const { service, faults } = await startService(metricsService, servers, { HISTORY_HOLD_MS: '100', ...environment });
  const bus = await Bus.connect({ servers: servers.natsUrl, name: 'test' });
  const { store, metrics } = service;
  return {
    ...{ bus, store, metrics, faults },
    async row(jobId) {
      const page = await store.collection<HistoryPage>('job_history').findOne({ _id: jobId });
      const [row] = page ? rowsOf(page) : [];
      return page && row ? { ...page, ...row } : null;
    },
    async stop() {
      await service.close();
      await bus.close();
    },
  };
}
