// Who led once and does not know yet that another leads writes nothing more of jobs, of what is staged, and of keys.
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { jobIdOf } from '@kintsugi/contracts';
import { Leadership, Store } from '@kintsugi/persistence';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { v7 as uuidv7 } from 'uuid';
import { freshChunk, freshJob } from '../../../apps/job-service/src/intake/domain/fresh-chunks.js';
import { IdempotencyStore } from '../../../apps/job-service/src/intake/mongo/idempotency-store.js';
import { JobStore } from '../../../apps/job-service/src/jobs/mongo/job-store.js';
import { ChunkStore } from '../../../apps/job-service/src/tasks/mongo/chunk-store.js';

const now = 1_700_000_000_000;
const given = { queue: 'send', priority: 5, safety: 'idempotent', retry_config: null, accepted_at: now } as const;
const collections = ['jobs', 'chunks', 'idempotency_keys'];

let servers: TestServers;
let database: Store;
let former: Stores;
let leader: Stores;

interface Stores {
  jobs: JobStore;
  chunks: ChunkStore;
  keys: IdempotencyStore;
}

beforeAll(async () => {
  servers = await startTestServers();
  database = await Store.connect({ url: servers.mongoUrl, database: 'leaders', applicationName: 'test' }, () => undefined);
});

afterAll(async () => {
  await database.close();
  await servers.stop();
});

beforeEach(async () => {
  await database.db.dropDatabase();
  let lost = false;
  const leadership = new Leadership(database, { role: 'r', holder: 'former', leaseMs: 1_000, onLost: () => (lost = true) });
  await leadership.acquire(new AbortController().signal);
  await database
    .collection<{ _id: string }>('leases')
    .updateOne({ _id: 'r' }, { $set: { holder: 'leader' }, $inc: { epoch: 1 } });
  await eventually(() => expect(lost).toBe(true));
  former = storesOf(1, () => leadership.assertLeader());
  leader = storesOf(2, () => Promise.resolve());
});

function storesOf(epoch: number, assertLeading: () => Promise<void>): Stores {
  const who = { epoch, assertLeading };
  return {
    jobs: new JobStore(database, who),
    chunks: new ChunkStore(database, who),
    keys: new IdempotencyStore(database, who),
  };
}

function jobOf(jobId: string) {
  const head = { product_id: 'p', sending_group_id: 'g', priority: 5, safety: 'idempotent', labels: {} } as const;
  return freshJob(jobId, head, { type: 'send', userId: 'u', tenant: 'default', total: 1, chunks: 1, now });
}

function stagedChunk(jobId: string, planFence: number) {
  const owner = { jobId, type: 'send', priority: 5, safety: 'idempotent', retryConfig: null } as const;
  return { change: freshChunk(owner, 0, ['{}'], now).takeChange(), stagedAt: now, planFence };
}

async function record(): Promise<unknown[]> {
  return Promise.all(collections.map((name) => database.collection(name).find().sort({ _id: 1 }).toArray()));
}

it.each<[string, (stores: Stores, jobId: string) => Promise<unknown>]>([
  ['accepts a job', ({ jobs }) => jobs.insert(jobOf(jobIdOf(uuidv7())))],
  ['moves a job', ({ jobs }, jobId) => jobs.apply(jobId, 'cancel', {}, null)],
  ['notes how far jobs are', ({ jobs }, jobId) => jobs.noteProgress([{ jobId, change: { task_counts: { leased: 1 } } }])],
  ['notes that a job is open', ({ jobs }, jobId) => jobs.noteOpened(jobId)],
  ['stages over what another planner staged', ({ chunks }, jobId) => chunks.stage([stagedChunk(jobId, 1)])],
  ['drops what another planner staged', ({ chunks }, jobId) => chunks.dropStaged(jobId, 1)],
  ['makes staged chunks real', ({ chunks }, jobId) => chunks.openStaged(jobId, given)],
  ['gives up a key', ({ keys }, jobId) => keys.release({ key: 'k', jobId, fingerprint: 'f' })],
])('a former leader no longer %s, and the leader does', async (_what, write) => {
  const jobId = jobIdOf(uuidv7());
  await leader.keys.claim([{ key: 'k', jobId, fingerprint: 'f' }]);
  await leader.jobs.insert(jobOf(jobId));
  await leader.chunks.stage([stagedChunk(jobId, 2)]);
  const before = await record();
  let written = false;
  void write(former, jobId).then(() => (written = true));
  // What was sent before this durable write would be in the record after it.
  await leader.jobs.insert(jobOf(jobId));
  expect(written).toBe(false);
  expect(await record()).toEqual(before);
  await write(leader, jobId);
  await eventually(async () => expect(await record()).not.toEqual(before));
});
