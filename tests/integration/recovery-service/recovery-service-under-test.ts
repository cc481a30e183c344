import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { Bus, ContractPipe } from '@kintsugi/messaging';
import { NatsStrategy, ProblemFilter, readSettings, sharedSettings, storeSettings } from '@kintsugi/hosting';
import { Health, Metrics, createLogger } from '@kintsugi/observability';
import { Store } from '@kintsugi/persistence';
import type { TestServers } from '@kintsugi/testing';
import { recoveryServiceSettings } from '../../../apps/recovery-service/src/recovery-service.config.js';
import { RecoveryServiceModule } from '../../../apps/recovery-service/src/recovery-service.module.js';

export const recoveryDatabase = 'kintsugi_recovery';

/** A look of the test's own into that database. */
export function recoveryStore({ mongoUrl }: Pick<TestServers, 'mongoUrl'>): Promise<Store> {
  return Store.connect({ url: mongoUrl, database: recoveryDatabase, applicationName: 'test' }, () => undefined);
}

/** recovery-service in this process, as runService wires it. */
export interface RecoveryServiceUnderTest {
  metrics: Metrics;
  /** What the service reported as faults. */
  faults: unknown[];
  stop(): Promise<void>;
}

/** Waits of a fifth of a second without jitter, unless the environment says otherwise. */
export async function startRecoveryService(
  servers: TestServers,
  environment: Record<string, string> = {},
): Promise<RecoveryServiceUnderTest> {
  const settings = readSettings(
    { ...sharedSettings, ...storeSettings, ...recoveryServiceSettings },
    {
      NATS_URL: servers.natsUrl,
      MONGO_URL: servers.mongoUrl,
      INSTANCE_ID: 'under-test',
      RETRY_WAIT_SECONDS: '0.2',
      RETRY_JITTER: 'none',
      ...environment,
    },
  );
  const bus = await Bus.connect({ servers: servers.natsUrl, name: 'recovery-service' });
  const store = await Store.connect(
    { url: settings.MONGO_URL, database: recoveryDatabase, applicationName: 'recovery-service' },
    () => undefined,
  );
  const metrics = new Metrics('recovery-service');
  const faults: unknown[] = [];
  const onFault = (error: unknown): void => void faults.push(error);
  const context = {
    settings,
    bus,
    store,
    metrics,
    onFault,
    health: new Health('recovery-service'),
    logger: createLogger('recovery-service', 'fatal'),
  };
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(RecoveryServiceModule.with(context), {
    logger: false,
    abortOnError: false,
    strategy: new NatsStrategy({ bus, queue: 'recovery-service', onFault }),
  });
  app.useGlobalPipes(new ContractPipe('data'));
  app.useGlobalFilters(new ProblemFilter());
  await app.listen();
  return {
    metrics,
    faults,
    async stop() {
      await app.close();
      await bus.close();
      await store.close();
    },
  };
}
