import 'reflect-metadata';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { Bus, ContractPipe } from '@kintsugi/messaging';
import { NatsStrategy, ProblemFilter, readSettings, sharedSettings, storeSettings } from '@kintsugi/hosting';
import { Health, Metrics, createLogger } from '@kintsugi/observability';
import { Store } from '@kintsugi/persistence';
import type { TestServers } from '@kintsugi/testing';
import { metricsServiceSettings } from '../../../apps/metrics-service/src/metrics-service.config.js';
import { MetricsServiceModule } from '../../../apps/metrics-service/src/metrics-service.module.js';
import type { JobRow } from '../../../apps/metrics-service/src/job-history/domain/job-row.js';
import { rowsOf, type HistoryPage } from '../../../apps/metrics-service/src/job-history/mongo/history-page.js';

/** metrics-service in this process, as runService wires it, and what a test looks at it with. */
export interface MetricsServiceUnderTest {
  /** A connection of the test's own. */
  bus: Bus;
  store: Store;
  metrics: Metrics;
  /** What the service reported as faults. */
  faults: unknown[];
  /** The page that holds only this job: what is searched by, and its row. */
  row(jobId: string): Promise<(Omit<HistoryPage, 'head'> & JobRow) | null>;
  stop(): Promise<void>;
}

export async function startMetricsService(
  servers: TestServers,
  environment: Record<string, string> = {},
): Promise<MetricsServiceUnderTest> {
  const settings = readSettings(
    { ...sharedSettings, ...storeSettings, ...metricsServiceSettings },
    { NATS_URL: servers.natsUrl, MONGO_URL: servers.mongoUrl, HISTORY_HOLD_MS: '100', ...environment },
  );
  const [bus, testBus] = await Promise.all(['service', 'test'].map((name) => Bus.connect({ servers: servers.natsUrl, name })));
  if (!bus || !testBus) throw new Error('Not connected.');
  const store = await Store.connect(
    { url: settings.MONGO_URL, database: 'kintsugi_metrics', applicationName: 'test' },
    () => undefined,
  );
  const metrics = new Metrics('metrics-service');
  const faults: unknown[] = [];
  const onFault = (error: unknown): void => void faults.push(error);
  const context = {
    settings,
    bus,
    store,
    metrics,
    onFault,
    health: new Health('metrics-service'),
    logger: createLogger('metrics-service', 'fatal'),
  };
  const app: INestMicroservice = await NestFactory.createMicroservice<MicroserviceOptions>(MetricsServiceModule.with(context), {
    logger: false,
    abortOnError: false,
    strategy: new NatsStrategy({ bus, queue: 'metrics-service', onFault }),
  });
  app.useGlobalPipes(new ContractPipe('data'));
  app.useGlobalFilters(new ProblemFilter());
  await app.listen();
  return {
    bus: testBus,
    store,
    metrics,
    faults,
    async row(jobId) {
      const page = await store.collection<HistoryPage>('job_history').findOne({ _id: jobId });
      const [row] = page ? rowsOf(page) : [];
      return page && row ? { ...page, ...row } : null;
    },
    async stop() {
      await app.close();
      await Promise.all([bus.close(), testBus.close()]);
      await store.close();
    },
  };
}
