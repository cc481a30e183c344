// The steps of tasks in MongoDB keep to what those in memory do, on which the specs rest.
import { afterAll, beforeAll, beforeEach, it } from '@jest/globals';
import { Store } from '@kintsugi/persistence';
import { startTestServers, type TestServers } from '@kintsugi/testing';
import { StepStore, stepCollection } from '../../../apps/job-service/src/steps/mongo/step-store.js';
import { stepPromises } from '../../../apps/job-service/src/steps/step-record-conformance.js';

let servers: TestServers;
let database: Store;

beforeAll(async () => {
  servers = await startTestServers();
  database = await Store.connect({ url: servers.mongoUrl, database: 'records', applicationName: 'test' }, () => undefined);
});

afterAll(async () => {
  await database?.close();
  await servers?.stop();
});

beforeEach(async () => {
  await database.collection(stepCollection).deleteMany({});
});

it.each(stepPromises)('%s', async (_promise, hold) => {
  await hold(new StepStore(database, { epoch: 1, assertLeading: () => Promise.resolve() }));
});
