// However many messages webhooks have not taken, a list of the newest reads those alone, and nothing of what they say.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Store, ensureIndexes } from '@kintsugi/persistence';
import { startTestServers, type TestServers } from '@kintsugi/testing';
import {
  DeliveryStore,
  deliveryIndexes,
  type Delivery,
} from '../../../apps/metrics-service/src/webhooks/mongo/delivery-store.js';

let servers: TestServers;
let store: Store;
let deliveries: DeliveryStore;

const at = (second: number): Date => new Date(Date.UTC(2027, 0, 1, 0, 0, second));

beforeAll(async () => {
  servers = await startTestServers();
  store = await Store.connect({ url: servers.mongoUrl, database: 'deliveries', applicationName: 'test' }, () => undefined);
  await ensureIndexes(store, deliveryIndexes);
  deliveries = new DeliveryStore(store);
  const made = Array.from({ length: 400 }, (_, index): Delivery => {
    const webhook = index % 40 === 0 ? 'one/a' : 'two/b';
    const dead = { state: 'dead' as const, dead_at: at(Math.trunc(index / 2)) };
    return {
      ...{
        _id: `${webhook}~${String(index).padStart(4, '0')}`,
        webhook_id: webhook,
        event: 'job.failed',
        body: 'ü'.repeat(1_000),
      },
      ...{ attempts: 3, next_at: at(0), last_error: 'x', created_at: at(0) },
      ...(index % 4 === 3 ? { state: 'waiting' as const } : dead),
    };
  });
  await deliveries.add(made);
  await store.db.command({ profile: 2 });
});

afterAll(async () => {
  await store?.close();
  await servers?.stop();
});

/** What the server looked at for the newest query. */
async function lookedAt(): Promise<{ docs: number; sorts: boolean; bytes: number }> {
  const filter = { 'command.aggregate': 'webhook_deliveries' };
  const [query] = await store.db.collection('system.profile').find(filter).sort({ ts: -1 }).limit(1).toArray();
  return { docs: query?.['docsExamined'], sorts: query?.['hasSortStage'] ?? false, bytes: query?.['responseLength'] };
}

test.each([
  ['first', undefined],
  ['a later', { since: at(100), id: 'two/b~0200' }],
  ['another service’s', { since: at(100), id: null }],
])('of the %s page, no more is read than is told', async (_, behind) => {
  const found = await deliveries.newestDead({ tenant: null, behind, limit: 20 });
  expect(found).toHaveLength(20);
  expect(found[0]).toMatchObject({ body_bytes: 2_000, state: 'dead' });
  const looked = await lookedAt();
  expect(looked).toMatchObject({ sorts: false });
  expect(looked.docs).toBeLessThanOrEqual(22);
  expect(looked.bytes).toBeLessThan(20 * 400);
});

test('of a tenant, no more is read than is dead of its own', async () => {
  const found = await deliveries.newestDead({ tenant: 'one', behind: undefined, limit: 20 });
  expect(found.map(({ webhook_id: webhook }) => webhook)).toEqual(Array(10).fill('one/a'));
  expect((await lookedAt()).docs).toBeLessThanOrEqual(10);
});
