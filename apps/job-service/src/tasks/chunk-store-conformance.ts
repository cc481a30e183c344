import { deepEqual, equal } from 'node:assert/strict';
import type { ChunkRecord } from './chunk-record.js';
import type { ChunkSearch } from './chunk-search.js';
import type { ChunkTotals } from './chunk-totals.js';
import { chunkOf, reportOf } from './domain/chunk-sample.js';
import { Chunk } from './domain/chunk.js';
import { leaseTasks } from './domain/lease-tasks.js';
import { loseLease } from './domain/lose-lease.js';
import { recordOutcome } from './domain/record-outcome.js';
import type { StagedChunk, StagedChunks } from './staged-chunks.js';

type WholeStore = ChunkRecord & ChunkTotals & StagedChunks & ChunkSearch;

const now = 1_700_000_000_000;
const jobId = chunkOf(1).identity.jobId as string;
const given = { queue: 'opened', priority: 8, safety: 'keyed', retry_config: null, accepted_at: 5 } as const;

/** What every store of chunks promises beside the record. `store` begins without chunks. */
export const storePromises: [promise: string, hold: (store: WholeStore) => Promise<void>][] = [
  ['adds up the chunks of each job, but neither planning nor what is staged', addsUp],
  ['shows staged chunks to nobody until they are opened, and opens them once', opensStaged],
  ['stages over what was staged before, and over nothing real', stagesOver],
  ['drops what is staged, but for what one planner stages', dropsStaged],
  ['leaves alone what a planner stages when its job is opened again', leavesThePlanner],
  ['gives the chunks of a job by pages in order, and by state', givesPages],
  ['finds chunks whose events wait, until those are cleared', findsOutbox],
  ['finds what nobody has decided about, what waits for a person, and what keeps a job open', findsUndecided],
  ['finds the oldest that is ready in each queue', findsOldestReady],
  ['sets the priority of a job: of its next ready chunks, then of all, and voids no change', setsPriority],
];

function chunkAt(sequence: number | 'plan', changes: Partial<Chunk['identity']> = {}): Chunk {
  const { identity, state, lines } = chunkOf(2, changes.safety);
  return new Chunk({ ...identity, ...changes, id: identity.id.replace(/0$/, String(sequence)) }, state, lines);
}

async function write(store: WholeStore, chunk: Chunk): Promise<Chunk> {
  deepEqual(await store.write([store.mark(chunk.takeChange())]), []);
  return chunk;
}

function staged(sequence: number, planFence?: number): StagedChunk {
  const change = chunkAt(sequence).takeChange();
  return { change, stagedAt: now, ...(planFence === undefined ? {} : { planFence }) };
}

/** The first task has failed, the second is ready. */
function failed(chunk: Chunk): Chunk {
  recordOutcome(chunk, reportOf(leaseTasks(chunk, [0], 'w', now).lease, { failed: [0] }), now);
  return chunk;
}

async function addsUp(store: WholeStore): Promise<void> {
  await write(store, failed(chunkAt(0)));
  const done = chunkAt(1);
  recordOutcome(done, reportOf(leaseTasks(done, [0, 1], 'w', now).lease, { done: [0, 1] }), now);
  await write(store, done);
  await write(store, chunkAt('plan'));
  await store.stage([staged(2)]);
  const sums = await store.sums([jobId, 'job_other']);
  deepEqual([...sums.keys()], [jobId]);
  const counts = { ready: 1, failed: 1, succeeded: 2 };
  deepEqual({ ...sums.get(jobId) }, { counts, chunks: 2, first_try: 2, recovered: 0, retries: 0 });
  deepEqual([...(await store.planStates([jobId]))], [[jobId, 'ready']]);
}

async function opensStaged(store: WholeStore): Promise<void> {
  const { id } = chunkAt(0);
  await store.stage([staged(0), staged(1)]);
  deepEqual(await store.countStaged(jobId), { chunks: 2, tasks: 4, blocked: 0 });
  deepEqual([...(await store.jobsWithStaged())], [jobId]);
  deepEqual([await store.load([id]), await store.page(jobId, 0, null, 9), await store.unsettledIdsOf(jobId)], [[], [], []]);
  await store.openStaged(jobId, given);
  await store.openStaged(jobId, { ...given, queue: 'twice' });
  deepEqual(
    (await store.page(jobId, 0, null, 9)).map(({ identity }) => [identity.queue, identity.priority, identity.acceptedAt]),
    [
      ['opened', 8, 5],
      ['opened', 8, 5],
    ],
  );
  deepEqual([await store.countStaged(jobId), (await store.jobsWithStaged()).size], [{ chunks: 0, tasks: 0, blocked: 0 }, 0]);
  await store.stage([staged(2)]);
  await store.keepStaged(jobId);
  deepEqual([await store.countStaged(jobId), (await store.jobsWithStaged()).size], [{ chunks: 1, tasks: 2, blocked: 0 }, 0]);
}

async function stagesOver(store: WholeStore): Promise<void> {
  const other = staged(0);
  await store.stage([staged(0)]);
  await store.stage([{ ...other, planFence: 7 }]);
  deepEqual(await store.countStaged(jobId, 7), { chunks: 1, tasks: 2, blocked: 0 });
  await store.openStaged(jobId, given);
  await store.stage([staged(0)]);
  deepEqual(
    [(await store.load([other.change.chunk.id])).length, await store.countStaged(jobId)],
    [1, { chunks: 0, tasks: 0, blocked: 0 }],
  );
}

async function dropsStaged(store: WholeStore): Promise<void> {
  await store.stage([staged(0, 1), staged(1, 2), staged(2)]);
  equal(await store.dropStaged(jobId, 2), 2);
  deepEqual(await store.countStaged(jobId), { chunks: 1, tasks: 2, blocked: 0 });
  equal(await store.dropStaged(jobId), 1);
}

async function leavesThePlanner(store: WholeStore): Promise<void> {
  await store.stage([staged(0), staged(1, 4)]);
  await store.openStaged(jobId, given, true);
  deepEqual(
    [(await store.page(jobId, 0, null, 9)).length, await store.countStaged(jobId)],
    [1, { chunks: 1, tasks: 2, blocked: 0 }],
  );
}

async function givesPages(store: WholeStore): Promise<void> {
  for (const sequence of [2, 0, 1, 3]) await write(store, sequence === 1 ? failed(chunkAt(1)) : chunkAt(sequence));
  await write(store, chunkAt('plan'));
  const idsOf = (chunks: Chunk[]): string => chunks.map(({ id }) => id.slice(-1)).join('');
  equal(idsOf(await store.page(jobId, 0, null, 3)), '012');
  equal(idsOf(await store.page(jobId, 3, null, 3)), '3');
  equal(idsOf(await store.page(jobId, 0, 'failed', 3)), '1');
  equal(idsOf(await store.page(jobId, 9, null, 3, 'desc')), '321');
  equal(idsOf(await store.page(jobId, 1, null, 3, 'desc')), '10');
  equal(idsOf(await store.page(jobId, 9, 'failed', 3, 'desc')), '1');
}

async function findsOutbox(store: WholeStore): Promise<void> {
  const chunk = await write(store, failed(chunkAt(0)));
  await write(store, chunkAt(1));
  deepEqual(await store.withOutbox(now, 9), []);
  const [found] = await store.withOutbox(now + 1, 9);
  equal(found?.state.outbox.map(({ name }) => name).join(), 'task.failed');
  await store.clearOutbox([chunk.id], found?.state.outbox.map(({ id }) => id) ?? []);
  deepEqual(await store.withOutbox(now + 1, 9), []);
}

async function findsUndecided(store: WholeStore): Promise<void> {
  const undecided = await write(store, failed(chunkAt(0)));
  const unclear = chunkAt(1, { safety: 'unsafe' });
  loseLease(unclear, leaseTasks(unclear, [0, 1], 'w', now).lease.fence, { alone: false, lossesMax: 5, now });
  await write(store, unclear);
  deepEqual([await store.undecided(9), await store.waitingForPerson()], [[undecided.id], [unclear.id]]);
  deepEqual((await store.unsettledIdsOf(jobId)).sort(), [undecided.id, unclear.id]);
  deepEqual(await store.unsettledIdsOf('job_other'), []);
}

async function findsOldestReady(store: WholeStore): Promise<void> {
  await write(store, chunkAt(0, { acceptedAt: 30, priority: 9 }));
  await write(store, chunkAt(1, { acceptedAt: 10, priority: 1 }));
  await write(store, chunkAt(2, { acceptedAt: 20, queue: 'other' }));
  const oldest = await store.oldestReady();
  deepEqual(
    oldest.sort((one, other) => one.acceptedAt - other.acceptedAt),
    [
      { queue: 'send', acceptedAt: 10 },
      { queue: 'other', acceptedAt: 20 },
    ],
  );
  deepEqual(await store.oldestReady([jobId]), []);
}

async function setsPriority(store: WholeStore): Promise<void> {
  const done = chunkAt(0);
  recordOutcome(done, reportOf(leaseTasks(done, [0, 1], 'w', now).lease, { done: [0, 1] }), now);
  await write(store, done);
  const changed = await write(store, chunkAt(1));
  await write(store, chunkAt(2));
  await store.stage([staged(3)]);
  const priorities = async (): Promise<number[]> => (await store.page(jobId, 0, null, 9)).map(({ priority }) => priority);
  await store.setPriority(jobId, 9, 1);
  deepEqual(await priorities(), [5, 9, 5]);
  await store.setPriority(jobId, 9);
  await store.setPriority('job_other', 1);
  leaseTasks(changed, [0], 'w', now);
  await write(store, changed);
  deepEqual(await priorities(), [9, 9, 9]);
  deepEqual(
    (await store.ready('send', [], [], 9)).map(({ id }) => id),
    [chunkAt(1).id, chunkAt(2).id],
  );
}
