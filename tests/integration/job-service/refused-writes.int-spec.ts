// What one task returns or is given never costs another task its write.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Faults } from '@kintsugi/hosting';
import { Store } from '@kintsugi/persistence';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { ChunkChanges } from '../../../apps/job-service/src/tasks/chunk-changes.js';
import { ChunkWriter } from '../../../apps/job-service/src/tasks/chunk-writer.js';
import { Chunk } from '../../../apps/job-service/src/tasks/domain/chunk.js';
import { chunkOf, reportOf } from '../../../apps/job-service/src/tasks/domain/chunk-sample.js';
import { leaseTasks } from '../../../apps/job-service/src/tasks/domain/lease-tasks.js';
import { recordOutcome } from '../../../apps/job-service/src/tasks/domain/record-outcome.js';
import { requeueTask } from '../../../apps/job-service/src/tasks/domain/recovery-moves.js';
import { viewTask } from '../../../apps/job-service/src/tasks/domain/task-view.js';
import { ChunkStore } from '../../../apps/job-service/src/tasks/mongo/chunk-store.js';

const now = 1_700_000_000_000;
const deep = JSON.parse('['.repeat(250) + ']'.repeat(250)) as unknown;
const outlandish: [string, unknown][] = [
  ['a key that BSON cannot hold', { '\0': 1 }],
  ['250 levels', deep],
  ['what looks like a BSON type', { _bsontype: 'Long', low: 1 }],
  ['what looks like a reference', { $ref: 'jobs', $id: 1, $db: 'x' }],
  ['keys with dots and dollars', { 'a.b': { $set: 1 } }],
];

let servers: TestServers;
let database: Store;
let store: ChunkStore;
let writer: ChunkWriter;
let conflicts: string[];
let faults: unknown[];

beforeAll(async () => {
  servers = await startTestServers();
  database = await Store.connect({ url: servers.mongoUrl, database: 'chunks', applicationName: 'test' }, () => undefined);
});

afterAll(async () => {
  await database.close();
  await servers.stop();
});

beforeEach(async () => {
  await database.db.dropDatabase();
  conflicts = [];
  faults = [];
  store = new ChunkStore(database, { epoch: 1, assertLeading: () => Promise.resolve() });
  const reported = new Faults((error) => faults.push(error), 'test');
  const changes = new ChunkChanges(reported);
  changes.observe({ conflicted: (chunk) => conflicts.push(chunk.id) });
  writer = new ChunkWriter(store, changes, reported);
});

/** Chunks of two tasks, both with a worker. */
async function leasedChunks(count: number): Promise<Chunk[]> {
  const chunks = Array.from({ length: count }, (_, number) => {
    const { identity, state, lines } = chunkOf(2);
    return new Chunk({ ...identity, id: identity.id.replace('.0', `.${number}`) }, state, lines);
  });
  for (const chunk of chunks) {
    leaseTasks(chunk, [0, 1], 'w', now);
    writer.save(chunk);
  }
  await writer.settled();
  return chunks;
}

function succeed(chunk: Chunk, result?: unknown): void {
  const [lease] = chunk.state.leases;
  if (!lease) throw new Error('No lease.');
  recordOutcome(
    chunk,
    { ...reportOf(lease, { done: [0, 1] }), ...(result === undefined ? {} : { results: { 0: result } }) },
    now,
  );
}

async function saved(chunk: Chunk): Promise<Error | null> {
  return new Promise((resolve) => writer.save(chunk, resolve));
}

async function stored(chunk: Chunk): Promise<Chunk> {
  const [found] = await store.load([chunk.id]);
  if (!found) throw new Error('Not stored.');
  return found;
}

describe('a result', () => {
  it.each(outlandish)('of %s is kept as the handler gave it, and so is every other of its group', async (_, result) => {
    const chunks = await leasedChunks(3);
    chunks.forEach((chunk, number) => succeed(chunk, number === 1 ? result : number));
    expect(await Promise.all(chunks.map(saved))).toEqual([null, null, null]);
    const [first, second, third] = await Promise.all(chunks.map(stored));
    expect(viewTask(second as Chunk, 0)).toMatchObject({ state: 'succeeded', result });
    expect([first, third].map((chunk) => viewTask(chunk as Chunk, 0).result)).toEqual([0, 2]);
    expect(faults).toEqual([]);
  });

  it.each(outlandish)('of %s is kept in a chunk that is not stored yet', async (_, result) => {
    const chunk = chunkOf(2);
    leaseTasks(chunk, [0, 1], 'w', now);
    succeed(chunk, result);
    expect(await saved(chunk)).toBeNull();
    expect(viewTask(await stored(chunk), 0).result).toEqual(result);
  });

  it('larger than may be kept is replaced by a note that says so', async () => {
    const [chunk] = (await leasedChunks(1)) as [Chunk];
    succeed(chunk, 'x'.repeat(1_000_000));
    expect(await saved(chunk)).toBeNull();
    expect(viewTask(await stored(chunk), 0).result).toEqual({ result_dropped: expect.stringContaining('1000002 bytes') });
  });
});

describe('the params of a manual recovery', () => {
  it.each(outlandish)('with %s reach the next run as they were given', async (_, given) => {
    const [chunk] = (await leasedChunks(1)) as [Chunk];
    const [lease] = chunk.state.leases;
    if (!lease) throw new Error('No lease.');
    recordOutcome(chunk, reportOf(lease, { failed: [0] }), now);
    requeueTask(chunk, 0, 1, { a: given }, now);
    expect(await saved(chunk)).toBeNull();
    expect(leaseTasks(await stored(chunk), [0], 'w', now).header.params).toEqual({ 0: { a: given } });
  });
});

describe('a write that the database refuses', () => {
  it('is void alone: the others of its group are written', async () => {
    const chunks = await leasedChunks(5);
    for (const chunk of chunks) succeed(chunk);
    const [culprit] = chunks as [Chunk];
    // Larger than a document may be.
    culprit.setExtra('logs', 0, ['x'.repeat(17 * 1024 * 1024)]);
    const outcomes = await Promise.all(chunks.map(saved));
    expect(outcomes.map((voided) => voided === null)).toEqual([false, true, true, true, true]);
    expect(conflicts).toEqual([culprit.id]);
    expect((await stored(culprit)).tally()).toEqual({ leased: 2 });
    for (const chunk of chunks.slice(1)) expect((await stored(chunk)).tally()).toEqual({ succeeded: 2 });
  });

  it('by the driver leaves the others of its group written as well', async () => {
    const chunks = await leasedChunks(5);
    for (const chunk of chunks) succeed(chunk);
    const [, culprit] = chunks as [Chunk, Chunk];
    culprit.setExtra('due', 0, { '\0': 1 } as never);
    const outcomes = await Promise.all(chunks.map(saved));
    expect(outcomes.map((voided) => voided === null)).toEqual([true, false, true, true, true]);
    expect(conflicts).toEqual([culprit.id]);
  });

  it('is void once: what the chunk is saved with next is written', async () => {
    const [chunk] = (await leasedChunks(1)) as [Chunk];
    chunk.setExtra('due', 0, { '\0': 1 } as never);
    expect(await saved(chunk)).not.toBeNull();
    const again = await stored(chunk);
    succeed(again, { fine: true });
    expect(await saved(again)).toBeNull();
    expect((await stored(chunk)).tally()).toEqual({ succeeded: 2 });
  });

  it('leaves nobody waiting while the database goes away and comes back', async () => {
    const chunks = await leasedChunks(3);
    for (const chunk of chunks) succeed(chunk);
    (chunks[0] as Chunk).setExtra('due', 0, { '\0': 1 } as never);
    await servers.mongo.kill();
    const outcomes = Promise.all(chunks.map(saved));
    await servers.mongo.start();
    expect((await outcomes).map((voided) => voided === null)).toEqual([false, true, true]);
    await eventually(() => expect(writer.isBusy(chunks[0] as Chunk)).toBe(false));
  });
});
