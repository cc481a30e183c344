import { beforeEach, describe, expect, test } from '@jest/globals';
import type { JobRecord } from '../jobs/domain/job.js';
import { LedgerEntry } from '../jobs/domain/ledger-entry.js';
import type { JobLedger } from '../jobs/job-ledger.js';
import { bundleOf, chunkOf } from '../tasks/domain/chunk-sample.js';
import { Chunk } from '../tasks/domain/chunk.js';
import { leaseTasks } from '../tasks/domain/lease-tasks.js';
import { cancelTasks } from '../tasks/domain/recovery-moves.js';
import { dispatchParts } from './simulation/dispatch-parts.js';

const now = 1_700_000_000_000;
const enough = 30;
const jobId = chunkOf(1).identity.jobId as string;

let entry: LedgerEntry;
/** What is in the store alone. */
let stored: Chunk[];
let parts: ReturnType<typeof dispatchParts>;

beforeEach(() => {
  const stats = { task_ms: {}, outcome_ms: {}, error_types: {} };
  const job = { _id: jobId, status: 'running', priority: 5, max_parallel_tasks: 2, total_tasks: 300, opened: true, ...stats };
  entry = new LedgerEntry(job as JobRecord, { counts: { ready: 300 }, first_try: 0, recovered: 0, retries: 0 }, null);
  stored = [];
  const ledger: Pick<JobLedger, 'all' | 'get' | 'hold'> = {
    all: [entry],
    get: (id) => (id === jobId ? entry : undefined),
    hold: (_ids, work) => work(),
  };
  const found = async (isWanted: (chunk: Chunk) => boolean): Promise<Chunk[]> => stored.filter(isWanted);
  const record = {
    ready: (_queue: string, known: readonly string[], full: readonly string[]) =>
      found(({ id, identity }) => !known.includes(id) && !full.includes(identity.jobId ?? '')),
    readyOf: (_queue: string, id: string, known: readonly string[]) =>
      found((chunk) => !known.includes(chunk.id) && chunk.identity.jobId === id),
  };
  parts = dispatchParts({ record, ledger, onFault: (error) => expect(error).toBeNull() });
});

function chunkAt(at: number): Chunk {
  const { identity, state, lines } = chunkOf(2);
  return new Chunk({ ...identity, id: identity.id.replace('.0', `.${at}`) }, state, lines);
}

function bundleAt(at: number): Chunk {
  const { identity, state, lines } = bundleOf(2);
  return new Chunk({ ...identity, id: identity.id.replace('01890a5d', `01880a${String(at).padStart(2, '0')}`) }, state, lines);
}

/** As many as are enough for a window, which has them and does not know whether the store has more. */
function inWindow(make: (at: number) => Chunk): Chunk[] {
  const chunks = Array.from({ length: enough }, (_, at) => make(at));
  parts.queues.queue('send').window.complete = true;
  for (const chunk of chunks) parts.engine.enter(chunk);
  parts.queues.invalidate();
  return chunks;
}

/** What the queue gives once it has been asked so often, and what the store was asked for has come. */
async function next(times = 1): Promise<Chunk | undefined> {
  for (let time = 0; time < times; time += 1) {
    parts.queues.first('send');
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  return parts.queues.first('send');
}

describe('a window of enough chunks is filled again', () => {
  test('where every task of them was cancelled', async () => {
    for (const bundle of inWindow(bundleAt)) cancelTasks(bundle, [0, 1], now);
    const rest = chunkAt(0);
    stored.push(rest);
    expect(await next()).toBe(rest);
    expect(parts.queues.queue('send').window.contents).toEqual([rest]);
  });

  test('once none of them may start any more, though the store had nothing new before', async () => {
    inWindow(chunkAt);
    parts.queues.noteOpened('send', 'job_b');
    await next();
    const other = bundleAt(0);
    stored.push(other);
    entry.job = { ...entry.job, status: 'paused' };
    expect(await next()).toBe(other);
  });

  test('with something of each job that is short, though the first of them have nothing more', async () => {
    inWindow(bundleAt);
    for (let at = 0; at < 32; at += 1) parts.queues.noteOpened('send', `job_${at}`);
    parts.queues.noteOpened('send', jobId);
    const rest = chunkAt(0);
    stored.push(rest);
    await next(2);
    expect(parts.queues.holds(rest)).toBe(true);
  });

  test('with more of a job that ran as many tasks as it may when it became short, once it has room', async () => {
    inWindow(bundleAt);
    const { queues, book, engine } = parts;
    const [last, rest] = [chunkAt(0), chunkAt(1)];
    engine.enter(last);
    book.give(last, leaseTasks(last, [0, 1], 'w', now).lease, Infinity);
    queues.remove(last);
    stored.push(rest);
    await next();
    expect(queues.holds(rest)).toBe(false);
    const before = book.heldOf(last);
    last.state.leases = [];
    book.settle(last, before);
    await next();
    expect(queues.holds(rest)).toBe(true);
  });
});
