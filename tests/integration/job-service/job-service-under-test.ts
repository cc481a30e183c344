import 'reflect-metadata';
import { jest } from '@jest/globals';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { Bus, ContractPipe } from '@kintsugi/messaging';
import { NatsStrategy, ProblemFilter, readSettings, sharedSettings, storeSettings } from '@kintsugi/hosting';
import { Health, Metrics, createLogger } from '@kintsugi/observability';
import { DeadLetterStore, Store } from '@kintsugi/persistence';
import type { TestServers } from '@kintsugi/testing';
import { JobDirectory } from '../../../apps/job-service/src/directory/job-directory.js';
import { Dispatcher } from '../../../apps/job-service/src/dispatch/dispatcher.js';
import { WorkerRoster } from '../../../apps/job-service/src/dispatch/domain/worker-roster.js';
import { ReadyLanes } from '../../../apps/job-service/src/dispatch/ready-lanes.js';
import { AcceptJob } from '../../../apps/job-service/src/intake/commands/accept-job.js';
import { jobServiceSettings } from '../../../apps/job-service/src/job-service.config.js';
import { JobServiceModule } from '../../../apps/job-service/src/job-service.module.js';
import { JobStore } from '../../../apps/job-service/src/jobs/mongo/job-store.js';
import { ListTasks } from '../../../apps/job-service/src/directory/queries/list-tasks.js';
import { OutboxRelay } from '../../../apps/job-service/src/outbox/outbox-relay.js';
import { Reconciler } from '../../../apps/job-service/src/reconcile/reconciler.js';
import { ChunkChanges } from '../../../apps/job-service/src/tasks/chunk-changes.js';
import { LiveChunks } from '../../../apps/job-service/src/tasks/live-chunks.js';
import { ChunkStore } from '../../../apps/job-service/src/tasks/mongo/chunk-store.js';

/** job-service in this process, as runService wires it, and what a test looks at it with. */
export interface JobServiceUnderTest {
  /** A connection of the test's own. */
  bus: Bus;
  /** The one that the service lives on. */
  serviceBus: Bus;
  store: Store;
  metrics: Metrics;
  /** What the service reported as faults. */
  faults: unknown[];
  /** The service's own parts, on its own servers. */
  parts: ReturnType<typeof partsOf>;
  /** What a counter stands at, over all its series that have these labels. */
  counted(name: string, labels?: Record<string, string>): Promise<number>;
  stop(): Promise<void>;
}

export async function startJobService(servers: TestServers, given: Record<string, string> = {}): Promise<JobServiceUnderTest> {
  const settings = readSettings(
    { ...sharedSettings, ...storeSettings, ...jobServiceSettings },
    { NATS_URL: servers.natsUrl, MONGO_URL: servers.mongoUrl, INSTANCE_ID: 'under-test', ...given },
  );
  const [bus, testBus] = await Promise.all(['service', 'test'].map((name) => Bus.connect({ servers: servers.natsUrl, name })));
  if (!bus || !testBus) throw new Error('Not connected.');
  const store = await Store.connect(
    { url: settings.MONGO_URL, database: 'kintsugi_jobs', applicationName: 'test' },
    () => undefined,
  );
  const metrics = new Metrics('job-service');
  const faults: unknown[] = [];
  const onFault = (error: unknown): void => void faults.push(error);
  const context = {
    ...{ settings, bus, store, metrics, onFault },
    health: new Health('job-service'),
    logger: createLogger('job-service', 'fatal'),
  };
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(JobServiceModule.with(context), {
    logger: false,
    abortOnError: false,
    strategy: new NatsStrategy({ bus, queue: 'job-service', onFault }),
  });
  app.useGlobalPipes(new ContractPipe('data'));
  app.useGlobalFilters(new ProblemFilter());
  await app.listen();
  return {
    ...{ bus: testBus, serviceBus: bus, store, metrics, faults },
    parts: partsOf(app),
    async counted(name, labels = {}) {
      const metric = await metrics.registry.getSingleMetric(name)?.get();
      const series = metric?.values.filter(({ labels: given }) =>
        Object.entries(labels).every(([label, value]) => given[label] === value),
      );
      return (series ?? []).reduce((sum, { value }) => sum + value, 0);
    },
    async stop() {
      await app.close();
      await Promise.all([bus.close(), testBus.close()]);
      await store.close();
    },
  };
}

function partsOf(app: INestMicroservice) {
  return {
    acceptJob: app.get(AcceptJob),
    changes: app.get(ChunkChanges),
    directory: app.get(JobDirectory),
    dispatcher: app.get(Dispatcher),
    jobs: app.get(JobStore),
    lanes: app.get(ReadyLanes),
    letters: app.get(DeadLetterStore),
    listTasks: app.get(ListTasks),
    live: app.get(LiveChunks),
    reconciler: app.get(Reconciler),
    relay: app.get(OutboxRelay),
    roster: app.get(WorkerRoster),
    store: app.get(ChunkStore),
  };
}

export interface HeldCall {
  /** Resolves once the call has come. */
  reached: Promise<void>;
  /** Lets it, and all after it, go on. */
  release(): void;
}

/** Has the next call of a method wait before it does anything. */
export function holdCall<Owner extends object>(owner: Owner, method: keyof Owner & string): HeldCall {
  const original = owner[method] as (...given: unknown[]) => Promise<unknown>;
  let reach = (): void => undefined;
  let release = (): void => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const released = new Promise<void>((resolve) => (release = resolve));
  const spy = jest.spyOn(owner, method as never) as unknown as jest.Spied<(...given: unknown[]) => Promise<unknown>>;
  spy.mockImplementation(async (...given) => {
    spy.mockRestore();
    reach();
    await released;
    return original.apply(owner, given);
  });
  return { reached, release };
}
