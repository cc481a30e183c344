import { describe, expect, test } from '@jest/globals';
import { jobStatuses } from '@kintsugi/contracts';
import type { JobRecord } from '../jobs/domain/job.js';
import { LedgerEntry } from '../jobs/domain/ledger-entry.js';
import type { JobLedger } from '../jobs/job-ledger.js';
import { chunkOf } from '../tasks/domain/chunk-sample.js';
import { Chunk } from '../tasks/domain/chunk.js';
import { leaseTasks } from '../tasks/domain/lease-tasks.js';
import { LiveChunks } from '../tasks/live-chunks.js';
import type { ChunkStore } from '../tasks/mongo/chunk-store.js';
import { ReadyLanes } from './ready-lanes.js';

const now = 1_700_000_000_000;
const jobId = chunkOf(1).identity.jobId as string;

/** A lane with a job that may run two tasks at once. Its store has no chunk that is not in memory, unless one is waiting. */
function laneOfOneJob(status: JobRecord['status'] = 'running') {
  const figures = { task_ms: {}, outcome_ms: {}, error_types: {} };
  const job = { _id: jobId, status, max_parallel_tasks: 2, total_tasks: 300, opened: true, ...figures } as JobRecord;
  const entry = new LedgerEntry(job, { counts: {}, first_try: 0, recovered: 0, retries: 0 }, null);
  const ledger: Pick<JobLedger, 'all' | 'get' | 'hold'> = { all: [entry], get: () => entry, hold: (_ids, work) => work() };
  const waiting: (() => Promise<Chunk[]>)[] = [];
  const store = { ready: () => waiting.shift()?.() ?? Promise.resolve([]) } as unknown as ChunkStore;
  const live: LiveChunks = new LiveChunks(store, {
    isNeeded: (chunk) => chunk.state.leases.length > 0 || lanes.holds(chunk),
    onEntered: () => undefined,
  });
  const faults: unknown[] = [];
  let onFilled = (): void => undefined;
  const lanes: ReadyLanes = new ReadyLanes({
    ...{ store, live, ledger: ledger as JobLedger },
    onFilled: () => onFilled(),
    onFault: (error) => faults.push(error),
  });
  /** What the lane gives next, after its window has been filled where that was due. */
  const next = async (): Promise<Chunk | undefined> => {
    const filled = new Promise<void>((resolve) => (onFilled = resolve));
    lanes.first('send');
    await filled;
    expect(faults).toEqual([]);
    return lanes.first('send');
  };
  return { lanes, live, entry, next, waiting };
}

function chunkAt(sequence: number, count: number): Chunk {
  const { identity, state, lines } = chunkOf(count);
  return new Chunk({ ...identity, id: identity.id.replace('.0', `.${sequence}`) }, state, lines);
}

describe('a job of 300 tasks of which two may run at once', () => {
  test('goes on with two while a long task holds its last chunk', async () => {
    const { lanes, live, entry, next } = laneOfOneJob();
    const [first, last] = [chunkAt(0, 1), chunkAt(1, 44)];
    for (const chunk of [first, last]) {
      live.add(chunk);
      lanes.offer(chunk);
      leaseTasks(chunk, [0], 'w', now);
      entry.leased += 1;
    }
    lanes.distrust();
    expect(await next()).toBeUndefined();
    expect(live.get(last.id)).toBe(last);
    entry.leased -= 1;
    lanes.noteRoom(jobId);
    expect(await next()).toBe(last);
  });

  test('gives nothing of a chunk in memory while both of its places are taken', async () => {
    const { lanes, live, entry, next } = laneOfOneJob();
    const chunk = chunkAt(0, 256);
    live.add(chunk);
    lanes.offer(chunk);
    leaseTasks(chunk, [0, 1], 'w', now);
    entry.leased = 2;
    lanes.distrust();
    expect(await next()).toBeUndefined();
  });
});

test('a job that runs as many tasks as it may has none of a full window given to workers, until one has ended', () => {
  const { lanes, live, entry } = laneOfOneJob();
  const chunk = chunkAt(0, 256);
  live.add(chunk);
  lanes.lane('send').window.complete = true;
  lanes.offer(chunk);
  entry.leased = 2;
  expect(lanes.first('send')).toBeUndefined();
  entry.leased = 1;
  expect(lanes.first('send')).toBe(chunk);
});

test('a lane whose store is away for a moment finds what waits there once it is back', async () => {
  const { lanes, next, waiting } = laneOfOneJob();
  const chunk = chunkAt(0, 1);
  waiting.push(() => Promise.reject(Object.assign(new Error('away'), { name: 'MongoNetworkError' })));
  waiting.push(() => Promise.resolve([chunk]));
  lanes.distrust();
  expect(await next()).toBe(chunk);
});

test('only a job that is at work has its tasks given to workers', () => {
  const atWork = jobStatuses.filter((status) => {
    const { lanes, live } = laneOfOneJob(status);
    const chunk = chunkAt(0, 1);
    live.add(chunk);
    lanes.lane('send').window.complete = true;
    lanes.offer(chunk);
    return lanes.first('send') === chunk;
  });
  // Of a job that has ended, tasks are ready once a person has revived them.
  expect(atWork).toEqual(['pending', 'running', 'recovering', 'completed', 'failed']);
});

describe('lanes that anybody can offer', () => {
  test('are read a few at once, and each in its turn', async () => {
    const asked: string[] = [];
    const answers: (() => void)[] = [];
    const store = {
      ready: (lane: string) => {
        asked.push(lane);
        return new Promise<Chunk[]>((resolve) => answers.push(() => resolve([])));
      },
    } as unknown as ChunkStore;
    const names = Array.from({ length: 1_000 }, (_, lane) => `lane ${lane}`);
    const look = (): void => names.forEach((name) => void lanes.first(name));
    const ledger: Pick<JobLedger, 'all' | 'get' | 'hold'> = { all: [], get: () => undefined, hold: (_ids, work) => work() };
    const live = new LiveChunks(store, { isNeeded: () => false, onEntered: () => undefined });
    const lanes = new ReadyLanes({
      store,
      live,
      ledger: ledger as JobLedger,
      onFilled: look,
      onFault: (error) => expect(error).toBeNull(),
    });
    look();
    expect(asked).toHaveLength(16);
    while (answers.length > 0) {
      for (const answer of answers.splice(0)) answer();
      await new Promise(setImmediate);
    }
    expect(asked).toEqual(names);
    expect(lanes.size).toBe(1_000);
    lanes.forget((name) => name === 'lane 7');
    expect(lanes.size).toBe(1);
  });

  test('are kept while tasks wait in them, though nobody offers them any more', () => {
    const { lanes, live } = laneOfOneJob();
    const chunk = chunkAt(0, 1);
    live.add(chunk);
    lanes.distrust();
    lanes.offer(chunk);
    lanes.forget(() => false);
    expect(lanes.holds(chunk)).toBe(true);
  });
});
