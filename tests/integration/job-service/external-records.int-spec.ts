// The records of external jobs in MongoDB keep to what those in memory do, on which the specs rest.
import { afterAll, beforeAll, beforeEach, it } from '@jest/globals';
import { ensureIndexes, Store } from '@kintsugi/persistence';
import { startTestServers, type TestServers } from '@kintsugi/testing';
import { externalPromises } from '../../../apps/job-service/src/external/external-records-conformance.js';
import { ExternalRecordStore, externalIndexes } from '../../../apps/job-service/src/external/mongo/external-record-store.js';
import { jobCollection, jobIndexes } from '../../../apps/job-service/src/jobs/mongo/job-store.js';

let servers: TestServers;
let database: Store;

beforeAll(async () => {
  servers = await startTestServers();
  database = await Store.connect({ url: servers.mongoUrl, database: 'records', applicationName: 'test' }, () => undefined);
  await ensureIndexes(database, [...jobIndexes, ...externalIndexes]);
});

afterAll(async () => {
  await database.close();
  await servers.stop();
});

beforeEach(async () => {
  await database.collection(jobCollection).deleteMany({});
});

it.each(externalPromises)('%s', async (_promise, hold) => {
  await hold(new ExternalRecordStore(database, { epoch: 1, assertLeading: () => Promise.resolve() }));
});
