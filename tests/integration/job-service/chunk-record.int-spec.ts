// The record of chunks in MongoDB keeps to what the one in memory does, on which the model of dispatch rests.
import { afterAll, beforeAll, beforeEach, it } from '@jest/globals';
import { ensureIndexes, Store } from '@kintsugi/persistence';
import { startTestServers, type TestServers } from '@kintsugi/testing';
import { recordPromises } from '../../../apps/job-service/src/tasks/chunk-record-conformance.js';
import { storePromises } from '../../../apps/job-service/src/tasks/chunk-store-conformance.js';
import { chunkCollection, chunkIndexes } from '../../../apps/job-service/src/tasks/mongo/chunk-indexes.js';
import { ChunkStore } from '../../../apps/job-service/src/tasks/mongo/chunk-store.js';

let servers: TestServers;
let database: Store;

beforeAll(async () => {
  servers = await startTestServers();
  database = await Store.connect({ url: servers.mongoUrl, database: 'records', applicationName: 'test' }, () => undefined);
  await ensureIndexes(database, chunkIndexes);
});

afterAll(async () => {
  await database.close();
  await servers.stop();
});

beforeEach(async () => {
  await database.collection(chunkCollection).deleteMany({});
});

it.each(recordPromises)('%s', async (_promise, hold) => {
  await hold((epoch, assertLeading = () => Promise.resolve()) => new ChunkStore(database, { epoch, assertLeading }));
});

it.each(storePromises)('and it %s', async (_promise, hold) => {
  await hold(new ChunkStore(database, { epoch: 1, assertLeading: () => Promise.resolve() }));
});
