// Logs in MongoDB: what every keeper of logs promises, and what is read to find a text in one.
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Collection } from 'mongodb';
import { Store } from '@kintsugi/persistence';
import { startTestServers, type TestServers } from '@kintsugi/testing';
import type { LogFilter } from '../../../apps/metrics-service/src/task-logs/domain/log-filter.js';
import { logStorePromises } from '../../../apps/metrics-service/src/task-logs/log-store-conformance.js';
import { blockWith, runOf } from '../../../apps/metrics-service/src/task-logs/log-lines-of.js';
import { MongoLogStore } from '../../../apps/metrics-service/src/task-logs/mongo/mongo-log-store.js';

const log = '01890a5d-ac96-774b-bcce-b302099a8057';
const blockCount = 1_200;
const holder = 1_150;

let servers: TestServers;
let database: Store;
let store: MongoLogStore;

beforeAll(async () => {
  servers = await startTestServers();
  database = await Store.connect({ url: servers.mongoUrl, database: 'logs', applicationName: 'test' }, () => undefined);
  store = new MongoLogStore(database);
  const usual = Array.from({ length: 80 }, (_, line) => `INFO line=${line} all is as it should be, and goes on as it did`);
  const [without, holding] = [runOf('0.0', 1, usual), runOf('0.0', 1, [...usual, 'a needle of steel'])];
  const keys = Array.from({ length: blockCount }, (_, at) => String(at).padStart(5, '0'));
  // Each of one second.
  const timeOf = (at: number) => ({ first_ms: at * 1_000, last_ms: at * 1_000 + 999 });
  await store.add(keys.map((key, at) => blockWith(log, key, [at === holder ? holding : without], timeOf(at))));
});

afterEach(() => {
  jest.restoreAllMocks();
});

afterAll(async () => {
  await database?.close();
  await servers?.stop();
});

test.each(logStorePromises)('every keeper of logs %s', async (promise, hold) => {
  await hold(new MongoLogStore(database.beside(`logs_${logStorePromises.findIndex(([name]) => name === promise)}`)));
});

async function keysOf(filter: LogFilter, count = Infinity): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.read({ log, filter })) {
    keys.push(key);
    if (keys.length >= count) break;
  }
  return keys;
}

test('blocks that cannot hold a text are not unpacked to look for it, also those behind a page of them', async () => {
  const read = await keysOf({ text: 'needle of steel' });
  expect(read).toContain(String(holder).padStart(5, '0'));
  expect(read).toContain(String(blockCount - 1).padStart(5, '0'));
  expect(read.length).toBeLessThan(blockCount / 10);
});

describe('of the sieves of a log', () => {
  /** How many are read until so many blocks are found. */
  async function sievesReadFor(filter: LogFilter, count?: number): Promise<number> {
    const find = jest.spyOn(Collection.prototype, 'find');
    await keysOf(filter, count);
    const ofSieves = find.mock.calls.filter((_, at) => (find.mock.contexts[at] as Collection).collectionName === 'log_sieves');
    return ofSieves.reduce((sum, [filter]) => sum + (filter?.['_id'] as { $in: string[] }).$in.length, 0);
  }

  test('none is read for a text that is too short for them', async () => {
    expect(await sievesReadFor({ text: 'all' })).toBe(0);
  });

  test('those of the time are read that is asked for', async () => {
    expect(await sievesReadFor({ text: 'needle', sinceMs: 600_000, untilMs: 660_000 })).toBe(60);
  });

  test('a few are read before a text that stands everywhere is found', async () => {
    expect(await sievesReadFor({ text: 'as it should be' }, 1)).toBeLessThan(blockCount / 20);
  });

  test('each is read once for a text that stands nowhere', async () => {
    expect(await sievesReadFor({ text: 'a needle of glass' })).toBe(blockCount);
  });
});

test('with a log its sieves go', async () => {
  const own = database.beside('removed_logs');
  const removing = new MongoLogStore(own);
  const lines = Array.from({ length: 80 }, () => 'a line of the sixty-four bytes that a block with a sieve is made of');
  await removing.add([blockWith(log, 'a', [runOf('0.0', 1, lines)])]);
  expect(await own.collection('log_sieves').countDocuments()).toBe(1);
  await removing.remove(log);
  expect(await own.collection('log_sieves').countDocuments()).toBe(0);
});
