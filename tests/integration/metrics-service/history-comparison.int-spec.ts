import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Faults } from '@kintsugi/hosting';
import { Bus, applyTopology } from '@kintsugi/messaging';
import { Metrics } from '@kintsugi/observability';
import { SharedLead, Store } from '@kintsugi/persistence';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import type { CompareHistory } from '../../../apps/metrics-service/src/job-history/commands/compare-history.js';
import { HistoryComparison } from '../../../apps/metrics-service/src/job-history/history-comparison.js';
import { HistoryBacklog } from '../../../apps/metrics-service/src/job-history/nats/history-backlog.js';
import type { MetricsServiceSettings } from '../../../apps/metrics-service/src/metrics-service.config.js';

let servers: TestServers;
let bus: Bus;
let store: Store;

beforeAll(async () => {
  servers = await startTestServers();
  bus = await Bus.connect({ servers: servers.natsUrl, name: 'test' });
  store = await Store.connect({ url: servers.mongoUrl, database: 'history', applicationName: 'test' }, () => undefined);
});

afterAll(async () => {
  await store.close();
  await bus.close();
  await servers.stop();
});

it('waits without a fault for streams and consumers that are not made yet, and then compares', async () => {
  const faults: unknown[] = [];
  const compared: unknown[] = [];
  let looks = 0;
  bus.subscribe('$JS.API.STREAM.INFO.EVENTS', () => void (looks += 1));
  const compare = {
    execute(range) {
      compared.push(range);
      return Promise.resolve({ from: range.from, corrected: 0 });
    },
  } satisfies Pick<CompareHistory, 'execute'>;
  const times = { HISTORY_COMPARE_EVERY_MS: 100, HISTORY_COMPARE_AFTER_MS: 0, HISTORY_RETENTION_DAYS: 1 };
  const settings = { INSTANCE_ID: 'under-test', ...times } as MetricsServiceSettings;
  const sharedLead = new SharedLead(store, { role: 'test', holder: 'under-test' }, (error) => void faults.push(error));
  const comparison = new HistoryComparison(
    bus,
    sharedLead,
    compare as CompareHistory,
    new HistoryBacklog(bus),
    new Metrics('metrics-service'),
    settings,
    new Faults((error) => void faults.push(error), 'test'),
  );
  comparison.onApplicationBootstrap();
  await eventually(() => expect(looks).toBeGreaterThan(2));
  const manager = await bus.manager();
  await manager.streams.add({ name: 'EVENTS', subjects: ['kin.evt.>'] });
  const beforeConsumers = looks;
  await eventually(() => expect(looks).toBeGreaterThan(beforeConsumers + 2));
  expect(compared).toEqual([]);
  await manager.streams.delete('EVENTS');
  await applyTopology(bus);
  await eventually(() => expect(compared.length).toBeGreaterThan(0));
  await comparison.onModuleDestroy();
  expect(faults).toEqual([]);
});
