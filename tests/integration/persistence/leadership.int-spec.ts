import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Collection } from 'mongodb';
import { Leadership, Store, type LeadershipOptions } from '@kintsugi/persistence';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';

const leaseMs = 1_000;
const never = new AbortController().signal;

let servers: TestServers;
let store: Store;
let role = 0;
let candidates: Leadership[];
/** Ends the waiting of candidates with the test. */
let over: AbortController;

beforeAll(async () => {
  servers = await startTestServers();
  store = await Store.connect({ url: servers.mongoUrl, database: 'leaders', applicationName: 'test' }, () => undefined);
});

afterAll(async () => {
  await store.close();
  await servers.stop();
});

beforeEach(() => {
  role += 1;
  candidates = [];
  over = new AbortController();
});

afterEach(async () => {
  over.abort();
  await Promise.all(candidates.map((candidate) => candidate.release()));
});

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
    await first.assertLeader();
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
        leadership.assertLeader().then(() => true),
        new Promise((resolve) => setImmediate(resolve, false)),
      ]);
      expect(sure).toBe(false);
    });
    await servers.mongo.start();
    await leadership.assertLeader();
    expect(lost).toEqual([]);
  });

  it('is never sure again once another one leads, and is told so', async () => {
    const { leadership, lost } = candidate('a');
    await leadership.acquire(never);
    await takeOver();
    await eventually(() => expect(lost).toEqual([false]));
    let sure = false;
    void leadership.assertLeader().then(() => (sure = true));
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
    await leadership.assertLeader();
    expect(new Set(faults.map(String)).size).toBe(faults.length);
  });
});

function signalMongo(signal: 'SIGSTOP' | 'SIGCONT'): void {
  process.kill(servers.mongo.pid as number, signal);
}

/** Longer than a lease, which counts in the time of those who wait for it. */
async function severalLeases(): Promise<void> {
  const over = performance.now() + 3.5 * leaseMs;
  await eventually(() => expect(performance.now()).toBeGreaterThan(over));
}

describe('while the database does not answer', () => {
  afterEach(() => signalMongo('SIGCONT'));

  it('a stop of the leader does not wait for it', async () => {
    const { leadership } = candidate('a');
    await leadership.acquire(never);
    signalMongo('SIGSTOP');
    await leadership.release();
  });

  it('one renewal without an answer does not keep the next from being asked for', async () => {
    const update = jest.spyOn(Collection.prototype, 'updateOne');
    await candidate('a').leadership.acquire(never);
    signalMongo('SIGSTOP');
    update.mockClear();
    await eventually(() => expect(update.mock.calls.length).toBeGreaterThan(2));
    update.mockRestore();
  });
});

describe('who waits for the lease', () => {
  it.each([1, 2])('does not take a pause of the database for the end of the leader (%i)', async () => {
    const { leadership, lost } = candidate('a');
    await leadership.acquire(never);
    let taken = false;
    void candidate('b')
      .leadership.acquire(over.signal)
      .then(
        () => (taken = true),
        () => undefined,
      );
    await severalLeases();
    signalMongo('SIGSTOP');
    await severalLeases();
    signalMongo('SIGCONT');
    await severalLeases();
    await leadership.assertLeader();
    expect(lost).toEqual([]);
    expect(taken).toBe(false);
  });

  it.each([-24, 24])('takes it from one that renews no more, also where a clock said that it ends in %i hours', async (hours) => {
    const given = { holder: 'gone', epoch: 7, expires_at: new Date(Date.now() + hours * 3_600_000) };
    await store.collection<{ _id: string }>('leases').insertOne({ _id: `role ${role}`, ...given });
    expect(await candidate('b').leadership.acquire(never)).toBe(8);
  });

  it('has it at once when it is given back, and when it had it before', async () => {
    const looks = (limit: number) => {
      const find = jest.spyOn(Collection.prototype, 'findOne');
      return () => {
        expect(find.mock.calls.length).toBeLessThanOrEqual(limit);
        find.mockRestore();
      };
    };
    const first = candidate('a').leadership;
    await first.acquire(never);
    await first.release();
    let enough = looks(1);
    await candidate('b').leadership.acquire(never);
    enough();
    enough = looks(1);
    await candidate('b').leadership.acquire(never);
    enough();
  });
});
