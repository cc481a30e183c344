import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import type { TaskCounts } from '@kintsugi/contracts';
import { durable, ensureIndexes, Store } from '@kintsugi/persistence';
import { startTestServers, type TestServers } from '@kintsugi/testing';
import { Chunk } from '../../../apps/job-service/src/tasks/domain/chunk.js';
import { leaseTasks } from '../../../apps/job-service/src/tasks/domain/lease-tasks.js';
import { loseLease } from '../../../apps/job-service/src/tasks/domain/lose-lease.js';
import { chunkDocument, type ChunkDocument } from '../../../apps/job-service/src/tasks/mongo/chunk-document.js';
import { chunkCollection, chunkIndexes } from '../../../apps/job-service/src/tasks/mongo/chunk-indexes.js';
import { MongoBundleTotals } from '../../../apps/job-service/src/tasks/mongo/mongo-bundle-totals.js';
import { ChunkStore } from '../../../apps/job-service/src/tasks/mongo/chunk-store.js';

const jobs = Array.from({ length: 100 }, () => `job_${v7()}`);
const chunksOfJob = 10;
const [job = ''] = jobs;

let servers: TestServers;
let store: Store;
let chunks: ChunkStore;

beforeAll(async () => {
  servers = await startTestServers();
  store = await Store.connect({ url: servers.mongoUrl, database: 'kintsugi_jobs', applicationName: 'test' }, () => undefined);
  await ensureIndexes(store, chunkIndexes);
  chunks = new ChunkStore(store, { epoch: 1, assertLeading: () => Promise.resolve() });
  const documents = jobs.flatMap((jobId, number) =>
    Array.from({ length: chunksOfJob }, (_, sequence) => documentOf(jobId, sequence, number === 0 && sequence < 5)),
  );
  const staged = documentOf(`job_${v7()}`, 0, true);
  await store.collection<ChunkDocument>(chunkCollection).insertMany([...documents, { ...staged, staged_at: new Date() }]);
  await store.db.command({ profile: 2 });
});

afterAll(async () => {
  await store.close();
  await servers.stop();
});

/** A chunk of one task that is ready or has succeeded; `acceptedAt` rises with the sequence. */
function chunkOf(jobId: string, sequence: number, state: 'ready' | 'succeeded', safety: 'idempotent' | 'unsafe'): Chunk {
  const id = `${jobId.slice(4)}.${sequence}`;
  const identity = {
    id,
    jobId,
    queue: sequence % 2 ? 'odd' : 'even',
    priority: 5,
    safety,
    count: 1,
    retryConfig: null,
    jobs: null,
  };
  const chunk = Chunk.fresh({ ...identity, acceptedAt: 1_000 + sequence }, ['{"payload":{}}']);
  if (state === 'ready') return chunk;
  leaseTasks(chunk, [0], 'w', 2_000);
  chunk.move(0, 'succeed');
  chunk.state.leases = [];
  return chunk;
}

function documentOf(jobId: string, sequence: number, ready: boolean): ChunkDocument {
  return chunkDocument(chunkOf(jobId, sequence, ready ? 'ready' : 'succeeded', 'idempotent').takeChange(), 1);
}

/** A bundle of one job of one task. */
function bundleOf(state: 'ready' | 'succeeded'): ChunkDocument {
  const chunk = chunkOf(`job_${v7()}`, 0, state, 'idempotent');
  return { ...chunkDocument(chunk.takeChange(), 1), job_id: null };
}

/** Documents and index keys that the database looked at for what `ask` asked. */
async function examinedBy(ask: () => Promise<unknown>): Promise<number> {
  const since = new Date();
  await ask();
  const profile = store.db.collection<{ docsExamined?: number; keysExamined?: number }>('system.profile');
  const asked = await profile.find({ ns: `kintsugi_jobs.${chunkCollection}`, ts: { $gte: since } }).toArray();
  expect(asked.length).toBeGreaterThan(0);
  return Math.max(...asked.map(({ docsExamined = 0, keysExamined = 0 }) => Math.max(docsExamined, keysExamined)));
}

describe('with a thousand chunks of other jobs in the record, one job costs no more than its own', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['a page of its tasks', () => chunks.page(job, 0, null, 100)],
    ['what is open of it', () => chunks.unsettledIdsOf(job)],
    ['its sums', () => chunks.sums([job])],
    ['its planning', () => chunks.planStates([job])],
    ['what is staged for it', () => chunks.countStaged(job)],
    [
      'opening it',
      () => chunks.openStaged(job, { queue: 'even', priority: 5, safety: 'idempotent', retry_config: null, accepted_at: 1 }),
    ],
    ['dropping what is staged for it', () => chunks.dropStaged(job)],
    ['which jobs have something staged', () => chunks.jobsWithStaged()],
    ['what can run', () => chunks.ready('even', [], [], 32)],
    ['the oldest of what can run', () => chunks.oldestReady()],
    ['what is leased', () => chunks.leasedBefore()],
    ['what was promised', () => chunks.withOutbox(1, 100)],
    ['what nobody has decided about', () => chunks.undecided(100)],
    ['what waits for a person', () => chunks.waitingForPerson()],
  ])('%s', async (_, ask) => {
    expect(await examinedBy(ask)).toBeLessThanOrEqual(chunksOfJob + 2);
  });

  it('the oldest of what can run is told by queue', async () => {
    expect(await chunks.oldestReady()).toEqual([
      { queue: 'even', acceptedAt: 1_000 },
      { queue: 'odd', acceptedAt: 1_001 },
    ]);
  });

  it('tasks of jobs of one task that are not over are told as of the moment that was held, of no other jobs', async () => {
    const documents = store.collection<ChunkDocument>(chunkCollection);
    const [over, waiting, later] = [bundleOf('succeeded'), bundleOf('ready'), bundleOf('ready')];
    await documents.insertMany([over, waiting], durable);
    const moment = await new MongoBundleTotals(store).hold();
    await documents.insertOne(later, durable);
    let counts: Map<string, TaskCounts> = new Map();
    const examined = await examinedBy(async () => {
      counts = await moment.read();
    });
    await moment.end();
    expect([...counts].map(([queue, { ready, succeeded }]) => [queue, ready, succeeded])).toEqual([['even', 1, 0]]);
    expect(examined).toBeLessThanOrEqual(3);
  });

  it('what waits for a person is found', async () => {
    const chunk = chunkOf(`job_${v7()}`, 0, 'ready', 'unsafe');
    loseLease(chunk, leaseTasks(chunk, [0], 'w', 2_000).lease.fence, { alone: false, lossesMax: 5, now: 3_000 });
    await store.collection<ChunkDocument>(chunkCollection).insertOne(chunkDocument(chunk.takeChange(), 1));
    expect(await chunks.waitingForPerson()).toEqual([chunk.id]);
  });
});
