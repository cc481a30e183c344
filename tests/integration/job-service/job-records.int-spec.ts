// The records of jobs in MongoDB keep to what those in memory do, on which the specs of the ledger and of the intake rest.
import { afterAll, beforeAll, beforeEach, it } from '@jest/globals';
import { ensureIndexes, Store } from '@kintsugi/persistence';
import { startTestServers, type TestServers } from '@kintsugi/testing';
import { jobPromises } from '../../../apps/job-service/src/jobs/job-records-conformance.js';
import { JobStore, jobCollection, jobIndexes } from '../../../apps/job-service/src/jobs/mongo/job-store.js';

let servers: TestServers;
let database: Store;

beforeAll(async () => {
  servers = await startTestServers();
  database = await Store.connect({ url: servers.mongoUrl, database: 'records', applicationName: 'test' }, () => undefined);
  await ensureIndexes(database, jobIndexes);
});

afterAll(async () => {
  await database.close();
  await servers.stop();
});

beforeEach(async () => {
  await database.collection(jobCollection).deleteMany({});
});

it.each(jobPromises)('%s', async (_promise, hold) => {
  await hold(new JobStore(database, { epoch: 1, assertLeading: () => Promise.resolve() }));
});
