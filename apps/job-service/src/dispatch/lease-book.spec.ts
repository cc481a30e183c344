import { beforeEach, describe, expect, test } from '@jest/globals';
import type { JobRecord } from '../jobs/domain/job.js';
import { concurrencyKeyOf } from '../jobs/domain/limit-keys.js';
import { LedgerEntry } from '../jobs/domain/ledger-entry.js';
import { acceptedAt, chunkOf } from '../tasks/domain/chunk-sample.js';
import { Chunk } from '../tasks/domain/chunk.js';
import { leaseTasks } from '../tasks/domain/lease-tasks.js';
import { loseLease } from '../tasks/domain/lose-lease.js';
import { dispatchParts, type DispatchParts } from './simulation/dispatch-parts.js';

let parts: DispatchParts;
let entry: LedgerEntry;
let chunk: Chunk;
let freed: (string | null)[];

beforeEach(() => {
  const stats = { task_ms: {}, outcome_ms: {}, error_types: {} };
  const job = { _id: chunkOf(1).identity.jobId, status: 'running', max_parallel_tasks: 3, total_tasks: 5, opened: true };
  entry = new LedgerEntry({ ...job, ...stats } as JobRecord, { counts: {}, first_try: 0, recovered: 0, retries: 0 }, null);
  parts = dispatchParts({ ledger: { get: () => entry } });
  chunk = chunkOf(5, 'unsafe');
  freed = [];
  parts.book.onRoom((jobId) => freed.push(jobId));
});

function lease(...indexes: number[]): number {
  const { lease } = leaseTasks(chunk, indexes, 'w', acceptedAt);
  parts.book.give(chunk, lease, Infinity);
  return lease.fence;
}

describe('what workers hold is known', () => {
  test('from when a lease is given until its tasks are settled, and a job that was full is told of its room', () => {
    lease(0, 1);
    expect(parts.book.mayStart(entry)).toBe(true);
    const fence = lease(2);
    expect([parts.book.mayStart(entry), parts.roster.get('w')?.held]).toEqual([false, 3]);
    const before = parts.book.heldOf(chunk);
    loseLease(chunk, fence, { alone: false, lossesMax: 5, now: acceptedAt });
    parts.book.settle(chunk, before);
    expect([parts.book.freeSlots(entry), parts.roster.get('w')?.held]).toEqual([1, 2]);
    expect(freed).toEqual([entry.job._id]);
  });

  test('of a chunk that comes into memory, but for leases whose worker was lost', () => {
    leaseTasks(chunk, [0, 1], 'w', acceptedAt);
    const { fence } = leaseTasks(chunk, [2], 'gone', acceptedAt).lease;
    loseLease(chunk, fence, { alone: false, lossesMax: 5, now: acceptedAt });
    parts.live.add(chunk);
    expect(parts.book.freeSlots(entry)).toBe(1);
    expect([...parts.roster.all].map(({ id, held }) => [id, held])).toEqual([['w', 2]]);
  });

  test('to be nothing of a chunk that somebody else has changed, until it is read again', () => {
    parts.live.add(chunk);
    lease(0, 1, 2);
    parts.book.settle(chunk, parts.book.heldOf(chunk));
    expect(freed).toEqual([]);
    parts.changes.tellConflicted(chunk);
    expect([parts.book.freeSlots(entry), parts.roster.get('w')?.held, freed]).toEqual([3, 0, [entry.job._id]]);
  });
});

describe('jobs of one concurrency key', () => {
  const sums = { counts: {}, first_try: 0, recovered: 0, retries: 0 };
  const stats = { task_ms: {}, outcome_ms: {}, error_types: {} };

  function entryUnder(id: string, limit: number, tenant = 'acme'): LedgerEntry {
    const job = { _id: id, tenant, status: 'running', concurrency: { key: 'k', limit }, max_parallel_tasks: null };
    return new LedgerEntry({ ...job, total_tasks: 5, opened: true, ...stats } as unknown as JobRecord, sums, null);
  }

  test('share its slots, as long as workers hold tasks of any of them', () => {
    const entries = new Map(['job_1', 'job_2'].map((id) => [id, entryUnder(id, 3)]));
    const { book } = (parts = dispatchParts({ ledger: { get: (id: string) => entries.get(id) } }));
    const [one, two] = [...entries.values()] as [LedgerEntry, LedgerEntry];
    const rooms: (string | null)[] = [];
    book.onRoom((_, key) => rooms.push(key));
    const first = new Chunk({ ...chunkOf(3).identity, jobId: 'job_1' }, chunkOf(3).state, null);
    const held = leaseTasks(first, [0, 1, 2], 'w', acceptedAt).lease;
    book.give(first, held, Infinity);
    expect([book.mayStart(one), book.mayStart(two), book.freeSlots(two)]).toEqual([false, false, 0]);
    expect([book.mayStart(entryUnder('job_3', 4)), book.mayStart(entryUnder('job_4', 3, 'other'))]).toEqual([true, true]);
    const key = concurrencyKeyOf(two.job);
    expect(book.holdersOf(key ?? '')).toEqual(['job_1']);
    const before = book.heldOf(first);
    loseLease(first, held.fence, { alone: false, lossesMax: 5, now: acceptedAt });
    book.settle(first, before);
    expect([book.freeSlots(one), book.freeSlots(two), rooms]).toEqual([3, 3, [key]]);
  });
});
