import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sendEscapedFaultsTo } from '@kintsugi/boundary';
import { Store } from '@kintsugi/persistence';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { prepareHistory } from '../../../apps/metrics-service/src/job-history/mongo/prepare-history.js';
import { startMetricsService } from './metrics-service-under-test.js';

let servers: TestServers;

beforeAll(async () => {
  servers = await startTestServers();
});

afterAll(async () => {
  await servers.stop();
});

interface Indexes {
  names: string[];
  keptSeconds: number | undefined;
}

async function indexesWith(environment: Record<string, string>): Promise<Indexes> {
  const service = await startMetricsService(servers, environment);
  const collection = service.store.collection('job_history');
  const indexes: { name?: string; expireAfterSeconds?: number }[] = await collection.indexes();
  await service.stop();
  return {
    names: indexes.map(({ name }) => String(name)).sort(),
    keptSeconds: indexes.find(({ name }) => name === 'retention')?.expireAfterSeconds,
  };
}

const always = ['_id_', 'by_bundle', 'by_creation', 'by_label', 'by_tenant', 'retention', 'uncompleted_status'];
const ofFilters = ['by_product_id', 'by_sending_group_id', 'by_type', 'by_user_id'];

it('keeps jobs for as long as the setting says, and indexes the filters that it names, also when they change', async () => {
  const byDefault = { names: [...always, ...ofFilters].sort(), keptSeconds: 90 * 86_400 };
  expect(await indexesWith({})).toEqual(byDefault);
  const changed = { names: [...always, 'by_type', 'by_user_id'].sort(), keptSeconds: 7 * 86_400 };
  expect(await indexesWith({ HISTORY_RETENTION_DAYS: '7', HISTORY_INDEXED_FILTERS: 'user_id,type' })).toEqual(changed);
  expect(await indexesWith({})).toEqual(byDefault);
});

it('starts on a long history of the version before without waiting for its new indexes, which are read once they are made', async () => {
  const store = await Store.connect({ url: servers.mongoUrl, database: 'long', applicationName: 'test' }, () => undefined);
  const collection = store.collection('job_history');
  const namesOf = async () => (await collection.indexes()).map(({ name }) => String(name));
  const settings = { retentionDays: 90, indexedFilters: ['type', 'user_id'] as const };
  const fields = ['bundle', 'creation', 'label', 'tenant', 'type', 'user_id'] as const;
  try {
    await collection.insertMany(Array.from({ length: 25_000 }, (_, n) => ({ head: { created_at: new Date(n) } })));
    await collection.createIndex({ 'head.type': 1, 'head.created_at': 1, _id: 1 }, { name: 'type' });
    await collection.createIndex({ 'head.created_at': 1, _id: 1, 'head.type': 1 }, { name: 'creation' });
    await collection.createIndex({ bundle: 1 }, { name: 'bundle', partialFilterExpression: { bundle: { $exists: true } } });
    const indexed = await prepareHistory(store, settings);
    expect(indexed).toEqual([]);
    // Another replica starts while they are made.
    const others = await prepareHistory(store, settings);
    const found = {
      bundle: { bundle: 'b' },
      creation: {},
      label: { label_pairs: 'a=b' },
      tenant: { 'head.tenant': 'acme' },
      type: {},
      user_id: {},
    };
    for (const field of fields.filter((name) => others.includes(name))) {
      expect(await collection.find(found[field]).hint(`by_${field}`).limit(1).toArray()).toBeDefined();
    }
    await eventually(async () => expect([...others].sort()).toEqual(fields));
    await eventually(async () => expect([...indexed].sort()).toEqual(fields));
    const [former, now] = [['type', 'creation', 'bundle'], fields.map((field) => `by_${field}`)];
    expect(await namesOf()).toEqual(expect.arrayContaining([...former, ...now]));
    // A replica of the version before may read the former ones for as long as an upgrade takes.
    expect([...(await prepareHistory(store, settings))].sort()).toEqual(fields);
    expect(await namesOf()).toEqual(expect.arrayContaining([...former, ...now]));
    expect([...(await prepareHistory(store, { ...settings, formerKeptMs: 0 }))].sort()).toEqual(fields);
    await eventually(async () => expect((await namesOf()).filter((name) => former.includes(name))).toEqual([]));
    expect(await namesOf()).toEqual(expect.arrayContaining(now));
  } finally {
    await store.close();
  }
});

it('makes an index of a long history that could not be made as soon as it can be', async () => {
  const store = await Store.connect({ url: servers.mongoUrl, database: 'refused', applicationName: 'test' }, () => undefined);
  const collection = store.collection<{ n: number }>('job_history');
  const settings = { retentionDays: 90, indexedFilters: ['type'] as const, retryMs: 50 };
  const faults: string[] = [];
  sendEscapedFaultsTo({ count: (kind) => faults.push(kind), tell: () => undefined });
  try {
    await collection.insertMany(Array.from({ length: 25_000 }, (_, n) => ({ n, head: { created_at: new Date(n) } })));
    // No index takes two lists of a document.
    await collection.updateOne({ n: 0 }, { $set: { alone: [1, 2], label_pairs: ['a=b', 'c=d'] } });
    const indexed = await prepareHistory(store, settings);
    expect([...indexed].sort()).toEqual(['bundle', 'creation']);
    await eventually(async () => expect(faults).toContain('history.indexes'));
    // While it is being made, a document that it cannot take cannot be changed either.
    await eventually(() => collection.updateOne({ n: 0 }, { $unset: { alone: true } }));
    await eventually(async () => expect([...indexed].sort()).toEqual(['bundle', 'creation', 'label', 'tenant', 'type']));
  } finally {
    await store.close();
  }
});
