import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Leadership, Store, type LeadershipOptions } from '@kintsugi/persistence';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';

const leaseMs = 1_000;
const never = new AbortController().signal;

let servers: TestServers;
let store: Store;
let role = 0;
let candidates: Leadership[];

beforeAll(async () => {
  servers = await startTestServers();
  store = await Store.connect({ url: servers.mongoUrl, database: 'leaders', applicationName: 'test' }, () => undefined);
}, 60_000);

afterAll(async () => {
  await store.close();
  await servers.stop();
});

beforeEach(() => {
  role += 1;
  candidates = [];
});

afterEach(() => Promise.all(candidates.map((candidate) => candidate.release())));

function candidate(holder: string, more: Partial<LeadershipOptions> = {}): { leadership: Leadership; lost: boolean[] } {
  const lost: boolean[] = [];
  const leadership = new Leadership(store, {
    role: `role ${role}`,
    holder,
    leaseMs,
    onLost: (sameName) => lost.push(sameName),
    ...more,
  });
  candidates.push(leadership);
  return { leadership, lost };
}

function takeOver(): Promise<unknown> {
  return store
    .collection<{ _id: string }>('leases')
    .updateOne({ _id: `role ${role}` }, { $set: { holder: 'other' }, $inc: { epoch: 1 } });
}

describe('a leader', () => {
  it('is the only one until it gives the lease back', async () => {
    const [first, second] = [candidate('a').leadership, candidate('b').leadership];
    const epoch = await first.acquire(never);
    let waited = true;
    const next = second.acquire(never).finally(() => (waited = false));
    await first.sure();
    expect(waited).toBe(true);
    await first.release();
    expect(await next).toBe(epoch + 1);
  });

  it('is not sure of leading while the database is away, and is again when it is back', async () => {
    const { leadership, lost } = candidate('a');
    await leadership.acquire(never);
    await servers.mongo.kill();
    await eventually(async () => {
      const sure = await Promise.race([
        leadership.sure().then(() => true),
        new Promise((resolve) => setImmediate(resolve, false)),
      ]);
      expect(sure).toBe(false);
    });
    await servers.mongo.start();
    await leadership.sure();
    expect(lost).toEqual([]);
  }, 30_000);

  it('is never sure again once another one leads, and is told so', async () => {
    const { leadership, lost } = candidate('a');
    await leadership.acquire(never);
    await takeOver();
    await eventually(() => expect(lost).toEqual([false]));
    let sure = false;
    void leadership.sure().then(() => (sure = true));
    await eventually(() => expect(lost).toEqual([false]));
    expect(sure).toBe(false);
  });

  it('is told when the one that leads now has its name', async () => {
    const { leadership, lost } = candidate('same');
    await leadership.acquire(never);
    await candidate('same').leadership.acquire(never);
    await eventually(() => expect(lost).toEqual([true]));
  });

  it('says why it cannot find out who leads, once', async () => {
    const faults: unknown[] = [];
    const { leadership } = candidate('a', { onFault: (error) => faults.push(error) });
    await leadership.acquire(never);
    await servers.mongo.kill();
    await eventually(() => expect(faults.length).toBeGreaterThan(0));
    await servers.mongo.start();
    await leadership.sure();
    expect(new Set(faults.map(String)).size).toBe(faults.length);
  }, 30_000);
});
