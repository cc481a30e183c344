import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { SharedLead, Store } from '@kintsugi/persistence';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';

let servers: TestServers;
let store: Store;
let role = '';
let faults: unknown[];

beforeAll(async () => {
  servers = await startTestServers();
  store = await Store.connect({ url: servers.mongoUrl, database: 'shared', applicationName: 'test' }, () => undefined);
});

afterAll(async () => {
  await store.close();
  await servers.stop();
});

beforeEach(() => {
  role = `role ${Math.random()}`;
  faults = [];
});

function leadOf(holder: string): SharedLead {
  return new SharedLead(store, { role, holder }, (error) => void faults.push(error));
}

/** A work that goes on until it is told to end, and what of it is under way. */
function workIn(lead: SharedLead) {
  const at = { running: 0 };
  const leading = lead.join(
    async (signal) => {
      at.running += 1;
      await once(signal, 'abort');
      at.running -= 1;
    },
    (error) => void faults.push(error),
  );
  return { at, stop: () => leading.stop() };
}

it('runs all works of one replica under one lease, those that come later too, and hands them over with the last', async () => {
  const [lead, other] = [leadOf('a'), leadOf('b')];
  const [first, second] = [workIn(lead), workIn(lead)];
  await eventually(() => expect([first.at.running, second.at.running]).toEqual([1, 1]));
  const third = workIn(lead);
  await eventually(() => expect(third.at.running).toBe(1));
  const leases = store.collection<{ _id: string }>('leases');
  expect(await leases.countDocuments({ _id: role })).toBe(1);

  const waiting = workIn(other);
  await first.stop();
  await second.stop();
  expect([first.at.running, second.at.running, third.at.running, waiting.at.running]).toEqual([0, 0, 1, 0]);
  await third.stop();
  expect(third.at.running).toBe(0);
  await eventually(() => expect(waiting.at.running).toBe(1));
  await waiting.stop();
  expect(faults).toEqual([]);
});

it('begins all works anew after another had the lease, and one that fails ends no other', async () => {
  const lead = leadOf('a');
  let begun = 0;
  const failing = lead.join(
    () => {
      begun += 1;
      return Promise.reject(new Error('at work'));
    },
    (error) => void faults.push(error),
  );
  const work = workIn(lead);
  await eventually(() => expect([begun, work.at.running]).toEqual([1, 1]));
  await store
    .collection<{ _id: string }>('leases')
    .updateOne({ _id: role }, { $set: { holder: 'other', expires_at: new Date(0) }, $inc: { epoch: 1 } });
  await eventually(() => expect([begun, work.at.running]).toEqual([2, 1]));
  expect(faults).toEqual([new Error('at work'), new Error('at work')]);
  await failing.stop();
  await work.stop();
});
