import { describe, expect, test } from '@jest/globals';
import { jobStatuses } from '@kintsugi/contracts';
import type { JobRecord } from '../jobs/domain/job.js';
import { LedgerEntry } from '../jobs/domain/ledger-entry.js';
import type { JobLedger } from '../jobs/job-ledger.js';
import { bundleOf, chunkOf } from '../tasks/domain/chunk-sample.js';
import { Chunk } from '../tasks/domain/chunk.js';
import { leaseTasks } from '../tasks/domain/lease-tasks.js';
import { prioritiseBundledJob } from '../tasks/domain/task-priorities.js';
import { dispatchParts } from './simulation/dispatch-parts.js';

const now = 1_700_000_000_000;
const jobId = chunkOf(1).identity.jobId as string;

/** A queue with a job that may run two tasks at once. Its store has no chunk that is not in memory, unless one is waiting. */
function queueOfOneJob(status: JobRecord['status'] = 'running') {
  const stats = { task_ms: {}, outcome_ms: {}, error_types: {} };
  const job = { _id: jobId, status, priority: 5, max_parallel_tasks: 2, total_tasks: 300, opened: true, ...stats } as JobRecord;
  const entry = new LedgerEntry(job, { counts: {}, first_try: 0, recovered: 0, retries: 0 }, null);
  const ledger: Pick<JobLedger, 'all' | 'get' | 'hold'> = { all: [entry], get: () => entry, hold: (_ids, work) => work() };
  const waiting: (() => Promise<Chunk[]>)[] = [];
  const asked = { times: 0 };
  const faults: unknown[] = [];
  const parts = dispatchParts({
    record: {
      ready: () => {
        asked.times += 1;
        return waiting.shift()?.() ?? Promise.resolve([]);
      },
    },
    ledger,
    onFault: (error) => faults.push(error),
  });
  const { queues, book, live } = parts;
  let onReady = (): void => undefined;
  queues.onReady(() => onReady());
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
  /** What the queue gives next, after its window has been filled where that was due. */
  const next = async (): Promise<Chunk | undefined> => {
    const filled = new Promise<void>((resolve) => (onReady = resolve));
    queues.first('send');
    await filled;
    expect(faults).toEqual([]);
    return queues.first('send');
  };
  /** The job gets another priority, and its chunks in memory with it. */
  const reprioritise = (priority: number): void => {
    entry.job = { ...entry.job, priority };
    queues.reprioritise(jobId);
  };
  return { queues, live, give, free, next, waiting, asked, reprioritise };
}

function chunkAt(sequence: number, count: number): Chunk {
  const { identity, state, lines } = chunkOf(count);
  return new Chunk({ ...identity, id: identity.id.replace('.0', `.${sequence}`) }, state, lines);
}

describe('a job of 300 tasks of which two may run at once', () => {
  test('goes on with two while a long task holds its last chunk', async () => {
    const { queues, live, give, free, next } = queueOfOneJob();
    const [first, last] = [chunkAt(0, 1), chunkAt(1, 44)];
    for (const chunk of [first, last]) {
      queues.offer(chunk);
      give(chunk, [0]);
    }
    queues.invalidate();
    expect(await next()).toBeUndefined();
    expect(live.get(last.id)).toBe(last);
    free(first);
    expect(await next()).toBe(last);
  });

  test('gives nothing of a chunk in memory while both of its places are taken', async () => {
    const { queues, give, next } = queueOfOneJob();
    const chunk = chunkAt(0, 256);
    queues.offer(chunk);
    give(chunk, [0, 1]);
    queues.invalidate();
    expect(await next()).toBeUndefined();
  });
});

test('a job that runs as many tasks as it may has none of a full window given to workers, until one has ended', () => {
  const { queues, live, give, free } = queueOfOneJob();
  const chunk = chunkAt(0, 256);
  live.add(chunk);
  queues.queue('send').window.complete = true;
  queues.offer(chunk);
  const begun = chunkAt(1, 2);
  give(begun, [0, 1]);
  expect(queues.first('send')).toBeUndefined();
  free(begun);
  expect(queues.first('send')).toBe(chunk);
});

/** Long enough for whatever a store that answers at once has begun to be over. */
async function turnsOfLoop(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('the store is asked no more often than something changes', () => {
  test('for each task that ends of a job that runs as many as it may: its next one is at hand', async () => {
    const { queues, give, free, next, asked } = queueOfOneJob();
    const chunk = chunkAt(0, 256);
    queues.offer(chunk);
    give(chunk, [0, 1]);
    expect(await next()).toBeUndefined();
    const before = asked.times;
    for (let task = 2; task < 100; task += 2) {
      free(chunk);
      expect(queues.first('send')).toBe(chunk);
      give(chunk, [task, task + 1]);
      expect(queues.first('send')).toBeUndefined();
      await turnsOfLoop(2);
    }
    expect(asked.times).toBe(before);
  });

  test('and is asked for the rest of such a job once that is used up', async () => {
    const { queues, give, free, next, waiting } = queueOfOneJob();
    const [chunk, rest] = [chunkAt(0, 4), chunkAt(1, 4)];
    queues.offer(chunk);
    give(chunk, [0, 1]);
    expect(await next()).toBeUndefined();
    free(chunk);
    give(chunk, [2, 3]);
    queues.remove(chunk);
    await turnsOfLoop(3);
    waiting.push(() => Promise.resolve([rest]));
    free(chunk);
    expect(await next()).toBe(rest);
  });

  test('while a window is full of chunks of a job that runs as many as it may', async () => {
    const { queues, give, waiting } = queueOfOneJob();
    let told = 0;
    // As the dispatcher does: whenever a queue may have more, it is asked for it.
    queues.onReady(() => {
      told += 1;
      setImmediate(() => queues.first('send'));
    });
    waiting.push(() => Promise.resolve(Array.from({ length: 32 }, (_, at) => chunkAt(at, 2))));
    queues.first('send');
    give(chunkAt(40, 2), [0, 1]);
    await turnsOfLoop(200);
    expect(told).toBeLessThanOrEqual(4);
  });
});

test('a queue whose store is away for a moment finds what waits there once it is back', async () => {
  const { queues, next, waiting } = queueOfOneJob();
  const chunk = chunkAt(0, 1);
  waiting.push(() => Promise.reject(Object.assign(new Error('away'), { name: 'MongoNetworkError' })));
  waiting.push(() => Promise.resolve([chunk]));
  queues.invalidate();
  expect(await next()).toBe(chunk);
});

test('only a job that is at work has its tasks given to workers', () => {
  const atWork = jobStatuses.filter((status) => {
    const { queues, live } = queueOfOneJob(status);
    const chunk = chunkAt(0, 1);
    live.add(chunk);
    queues.queue('send').window.complete = true;
    queues.offer(chunk);
    return queues.first('send') === chunk;
  });
  // Of a job that has ended, tasks are ready once a person has requeued them.
  expect(atWork).toEqual(['pending', 'running', 'recovering', 'completed', 'failed']);
});

describe('a job that gets another priority', () => {
  /** A full window of bundles of priority 5, and a chunk of the job behind them. */
  function behindOthers() {
    const parts = queueOfOneJob();
    const { queues, live } = parts;
    queues.queue('send').window.complete = true;
    const others = Array.from({ length: 30 }, (_, at) => bundleAt(at));
    const own = chunkAt(9, 2);
    for (const chunk of [...others, own]) {
      live.add(chunk);
      queues.offer(chunk);
    }
    return { ...parts, others, own };
  }

  test('has its chunks in memory before all that are less urgent, and behind all that are more', () => {
    const { queues, reprioritise, others, own } = behindOthers();
    expect(queues.first('send')).toBe(others[0]);
    reprioritise(6);
    expect(queues.first('send')).toBe(own);
    reprioritise(1);
    expect(queues.first('send')).toBe(others[0]);
  });

  test('has those in the store read at once, however many others are in memory', async () => {
    const { queues, reprioritise, waiting, next, others } = behindOthers();
    const stored = chunkAt(3, 2);
    waiting.push(() => Promise.resolve([stored]));
    reprioritise(8);
    expect(queues.first('send')).not.toBe(stored);
    await next();
    expect(stored.priority).toBe(8);
    expect(
      queues
        .known('send')
        ?.window.contents.slice(0, 2)
        .map(({ id }) => id),
    ).toEqual([stored.id, chunkAt(9, 2).id]);
    expect(queues.known('send')?.window.size).toBe(others.length + 2);
  });

  test('in a bundle takes that before the others, and leaves the rest of it where it was', () => {
    const { queues, others } = behindOthers();
    const last = others.at(-1) as Chunk;
    prioritiseBundledJob(last, 1, 9, 'ann', now);
    queues.offer(last);
    expect(queues.first('send')).toBe(last);
    leaseTasks(last, last.readyIndexes(9, 1e6), 'w', now);
    queues.placeAnew(last);
    expect(queues.first('send')).toBe(others[0]);
    expect(queues.holds(last)).toBe(true);
  });
});

function bundleAt(at: number): Chunk {
  const { identity, state, lines } = bundleOf(2);
  return new Chunk({ ...identity, id: identity.id.replace('01890a5d', `01880a${String(at).padStart(2, '0')}`) }, state, lines);
}

describe('queues that anybody can offer', () => {
  test('are read a few at once, and each in its turn', async () => {
    const asked: string[] = [];
    const answers: (() => void)[] = [];
    const ready = (queue: string): Promise<Chunk[]> => {
      asked.push(queue);
      return new Promise<Chunk[]>((resolve) => answers.push(() => resolve([])));
    };
    const names = Array.from({ length: 1_000 }, (_, queue) => `queue ${queue}`);
    const look = (): void => names.forEach((name) => void queues.first(name));
    const ledger: Pick<JobLedger, 'hold'> = { hold: (_ids, work) => work() };
    const { queues } = dispatchParts({ record: { ready }, ledger, onFault: (error) => expect(error).toBeNull() });
    queues.onReady(look);
    look();
    expect(asked).toHaveLength(16);
    while (answers.length > 0) {
      for (const answer of answers.splice(0)) answer();
      await new Promise(setImmediate);
    }
    expect(asked).toEqual(names);
    expect(queues.size).toBe(1_000);
    queues.forget((name) => name === 'queue 7');
    expect(queues.size).toBe(1);
  });

  test('are kept while tasks wait in them, though nobody offers them any more', () => {
    const { queues, live } = queueOfOneJob();
    const chunk = chunkAt(0, 1);
    live.add(chunk);
    queues.invalidate();
    queues.offer(chunk);
    queues.forget(() => false);
    expect(queues.holds(chunk)).toBe(true);
  });
});
