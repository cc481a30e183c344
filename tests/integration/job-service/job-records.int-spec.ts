// The records of jobs in MongoDB keep to what those in memory do, on which the specs of the ledger and of the intake rest.
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Problem } from '@kintsugi/contracts';
import { DeadLetterStore, ensureIndexes, Store } from '@kintsugi/persistence';
import { startTestServers, type TestServers } from '@kintsugi/testing';
import { deletionPromises } from '../../../apps/job-service/src/jobs/deletions-conformance.js';
import { jobPromises } from '../../../apps/job-service/src/jobs/job-records-conformance.js';
import { DeletionStore, deletionIndexes } from '../../../apps/job-service/src/jobs/mongo/deletion-store.js';
import { childJobPromises } from '../../../apps/job-service/src/jobs/child-jobs-conformance.js';
import { ChildJobStore, childJobIndexes } from '../../../apps/job-service/src/jobs/mongo/child-job-store.js';
import { jobWaitPromises } from '../../../apps/job-service/src/jobs/job-waits-conformance.js';
import { JobWaitStore, jobWaitIndexes } from '../../../apps/job-service/src/jobs/mongo/job-wait-store.js';
import { JobStore, jobCollection, jobIndexes } from '../../../apps/job-service/src/jobs/mongo/job-store.js';

const leader = { epoch: 1, assertLeading: () => Promise.resolve() };

let servers: TestServers;
let database: Store;

beforeAll(async () => {
  servers = await startTestServers();
  database = await Store.connect({ url: servers.mongoUrl, database: 'records', applicationName: 'test' }, () => undefined);
  await ensureIndexes(database, [...jobIndexes, ...jobWaitIndexes, ...childJobIndexes, ...deletionIndexes]);
});

afterAll(async () => {
  await database.close();
  await servers.stop();
});

beforeEach(async () => {
  for (const name of [jobCollection, 'deletions', 'dead_letters']) await database.collection(name).deleteMany({});
});

it.each(jobPromises)('%s', async (_promise, hold) => {
  await hold(new JobStore(database, leader));
});

it.each(jobWaitPromises)('what jobs wait for: %s', async (_promise, hold) => {
  await hold({ records: new JobStore(database, leader), waits: new JobWaitStore(database, leader) });
});

it.each(childJobPromises)('the jobs that handlers have made: %s', async (_promise, hold) => {
  await hold({ records: new JobStore(database, leader), children: new ChildJobStore(database) });
});

it('the jobs that wait for one are found by an index, however many others there are', async () => {
  const plan = await database.collection(jobCollection).find({ awaits: 'job_a completed' }).explain('queryPlanner');
  expect(JSON.stringify(plan)).toContain('"indexName":"awaits"');
});

it.each(deletionPromises)('a deletion: %s', async (_promise, hold) => {
  await hold(new DeletionStore(database, leader));
});

it('dead letters that speak of a job or of its tasks go with it, and those of its neighbours stay', async () => {
  const uuid = '01890a5d-ac96-774b-bcce-b302099a8057';
  const letters = new DeadLetterStore(database);
  const spoken = [
    `job_${uuid}.7`,
    `task_${uuid}.0.7`,
    `task_${uuid}.0.70`,
    `job_${uuid}.8`,
    'job_01890a5d-ac96-774b-bcce-b302099a8058',
  ];
  const letter = {
    consumer: 'c',
    subject: 's',
    stream_sequence: 1,
    message_id: null,
    headers: [],
    reason: 'R',
    payload_bytes: 1,
  };
  await letters.keep(
    spoken.map((id) => ({ ...letter, _id: id, payload: `{"ids":["${id}"]}`, problem: {} as Problem, received_at: new Date() })),
  );
  await letters.removeAbout([`job_${uuid}.7`]);
  const left = async (): Promise<unknown[]> => database.collection('dead_letters').distinct('_id');
  expect(await left()).toEqual([...spoken.slice(2)].sort());
  await letters.removeAbout([`job_${uuid}`, `job_${uuid}.8`]);
  expect(await left()).toEqual([spoken[4]]);
});
