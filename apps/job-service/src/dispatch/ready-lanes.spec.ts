import { describe, expect, test } from '@jest/globals';
import { jobStatuses } from '@kintsugi/contracts';
import type { JobRecord } from '../jobs/domain/job.js';
import { LedgerEntry } from '../jobs/domain/ledger-entry.js';
import type { JobLedger } from '../jobs/job-ledger.js';
import { chunkOf } from '../tasks/domain/chunk-sample.js';
import { Chunk } from '../tasks/domain/chunk.js';
import { leaseTasks } from '../tasks/domain/lease-tasks.js';
import { dispatchParts } from './simulation/dispatch-parts.js';

const now = 1_700_000_000_000;
const jobId = chunkOf(1).identity.jobId as string;

/** A lane with a job that may run two tasks at once. Its store has no chunk that is not in memory, unless one is waiting. */
function laneOfOneJob(status: JobRecord['status'] = 'running') {
  const figures = { task_ms: {}, outcome_ms: {}, error_types: {} };
  const job = { _id: jobId, status, max_parallel_tasks: 2, total_tasks: 300, opened: true, ...figures } as JobRecord;
  const entry = new LedgerEntry(job, { counts: {}, first_try: 0, recovered: 0, retries: 0 }, null);
  const ledger: Pick<JobLedger, 'all' | 'get' | 'hold'> = { all: [entry], get: () => entry, hold: (_ids, work) => work() };
  const waiting: (() => Promise<Chunk[]>)[] = [];
  const faults: unknown[] = [];
  const parts = dispatchParts({
    record: { ready: () => waiting.shift()?.() ?? Promise.resolve([]) },
    ledger,
    onFault: (error) => faults.push(error),
  });
  const { lanes, book, live } = parts;
  let onReady = (): void => undefined;
  lanes.onReady(() => onReady());
  /** A worker is given the tasks of a chunk. */
  const give = (chunk: Chunk, indexes: number[]): void => {
    live.add(chunk);
    book.give(chunk, leaseTasks(chunk, indexes, 'w', now).lease, Infinity);
  };
  /** A worker lets its leases of a chunk go. */
  const free = (chunk: Chunk): void => {
    const before = book.heldOf(chunk);
    chunk.state.leases = [];
    book.settle(chunk, before);
  };
  /** What the lane gives next, after its window has been filled where that was due. */
  const next = async (): Promise<Chunk | undefined> => {
    const filled = new Promise<void>((resolve) => (onReady = resolve));
    lanes.first('send');
    await filled;
    expect(faults).toEqual([]);
    return lanes.first('send');
  };
  return { lanes, live, give, free, next, waiting };
}

function chunkAt(sequence: number, count: number): Chunk {
  const { identity, state, lines } = chunkOf(count);
  return new Chunk({ ...identity, id: identity.id.replace('.0', `.${sequence}`) }, state, lines);
}

describe('a job of 300 tasks of which two may run at once', () => {
  test('goes on with two while a long task holds its last chunk', async () => {
    const { lanes, live, give, free, next } = laneOfOneJob();
    const [first, last] = [chunkAt(0, 1), chunkAt(1, 44)];
    for (const chunk of [first, last]) {
      lanes.offer(chunk);
      give(chunk, [0]);
    }
    lanes.distrust();
    expect(await next()).toBeUndefined();
    expect(live.get(last.id)).toBe(last);
    free(first);
    expect(await next()).toBe(last);
  });

  test('gives nothing of a chunk in memory while both of its places are taken', async () => {
    const { lanes, give, next } = laneOfOneJob();
    const chunk = chunkAt(0, 256);
    lanes.offer(chunk);
    give(chunk, [0, 1]);
    lanes.distrust();
    expect(await next()).toBeUndefined();
  });
});

test('a job that runs as many tasks as it may has none of a full window given to workers, until one has ended', () => {
  const { lanes, live, give, free } = laneOfOneJob();
  const chunk = chunkAt(0, 256);
  live.add(chunk);
  lanes.lane('send').window.complete = true;
  lanes.offer(chunk);
  const begun = chunkAt(1, 2);
  give(begun, [0, 1]);
  expect(lanes.first('send')).toBeUndefined();
  free(begun);
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
    const ready = (lane: string): Promise<Chunk[]> => {
      asked.push(lane);
      return new Promise<Chunk[]>((resolve) => answers.push(() => resolve([])));
    };
    const names = Array.from({ length: 1_000 }, (_, lane) => `lane ${lane}`);
    const look = (): void => names.forEach((name) => void lanes.first(name));
    const ledger: Pick<JobLedger, 'hold'> = { hold: (_ids, work) => work() };
    const { lanes } = dispatchParts({ record: { ready }, ledger, onFault: (error) => expect(error).toBeNull() });
    lanes.onReady(look);
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
