import { describe, expect, test } from '@jest/globals';
import { eventCatalogue } from '@kintsugi/contracts';
import * as fc from 'fast-check';
import { acceptedAt, bundleOf, chunkOf, reportOf } from './chunk-sample.js';
import { leaseTasks } from './lease-tasks.js';
import { loseLease } from './lose-lease.js';
import { recordOutcome } from './record-outcome.js';
import { discardTask, cancelTasks, deferTask, retryTask, requeueTask } from './recovery-moves.js';
import { eventDataOf } from './chunk-events.js';
import type { Chunk, OutboxEntry } from './chunk.js';

const leasedAt = acceptedAt + 1_000;
const now = acceptedAt + 10_000;

function promisedBy(chunk: Chunk): Record<string, number[]> {
  return Object.fromEntries(chunk.promised.map(({ name, indexes }) => [name, indexes]));
}

describe('a lease', () => {
  test('has a token that no lease of the chunk had before', () => {
    const chunk = chunkOf(3);
    const fences = [0, 1, 2].map((index) => leaseTasks(chunk, [index], 'w', leasedAt).lease.fence);
    expect(new Set(fences).size).toBe(3);
    expect([...fences].sort((a, b) => a - b)).toEqual(fences);
  });

  test('takes only what is ready', () => {
    const chunk = chunkOf(3);
    leaseTasks(chunk, [1], 'w', leasedAt);
    expect(leaseTasks(chunk, [0, 1, 2], 'v', leasedAt).header.indexes).toEqual([0, 2]);
  });

  test('carries the params of a manual recovery', () => {
    const chunk = chunkOf(2);
    chunk.setExtra('params', 1, JSON.stringify({ domain: 'example.com' }));
    expect(leaseTasks(chunk, [0, 1], 'w', leasedAt).header.params).toEqual({ 1: { domain: 'example.com' } });
  });
});

describe('an outcome', () => {
  test('of the holder is taken once; its copy changes nothing and is no second result', () => {
    const chunk = chunkOf(2);
    const { lease } = leaseTasks(chunk, [0, 1], 'w', leasedAt);
    const report = reportOf(lease, { done: [0, 1] });
    expect(recordOutcome(chunk, report, now)).toEqual({ taken: 2, fenced: 0 });
    expect(recordOutcome(chunk, report, now)).toEqual({ taken: 0, fenced: 0 });
    expect(chunk.tally()).toEqual({ succeeded: 2 });
    expect(chunk.state.firstTry).toBe(2);
  });

  test('that overlaps one taken before gives what is new, and refuses what comes of another run', () => {
    const chunk = chunkOf(3);
    const { lease } = leaseTasks(chunk, [0, 1, 2], 'w', leasedAt);
    recordOutcome(chunk, reportOf(lease, { done: [0] }), now);
    expect(recordOutcome(chunk, reportOf(lease, { done: [0, 1] }), now)).toEqual({ taken: 1, fenced: 0 });
    expect(recordOutcome(chunk, { ...reportOf(lease, { done: [1, 2] }), took_us: [7, 7] }, now)).toEqual({ taken: 1, fenced: 1 });
  });

  test('under an older token is fenced while the task runs elsewhere', () => {
    const chunk = chunkOf(1);
    const first = leaseTasks(chunk, [0], 'zombie', leasedAt).lease;
    loseLease(chunk, first.fence, { alone: false, lossesMax: 5, now });
    leaseTasks(chunk, [0], 'other', leasedAt);
    expect(recordOutcome(chunk, reportOf(first, { done: [0] }), now)).toEqual({ taken: 0, fenced: 1 });
    expect(chunk.stateOf(0)).toBe('leased');
  });

  test('in parts settles the lease with its last part', () => {
    const chunk = chunkOf(3);
    const { lease } = leaseTasks(chunk, [0, 1, 2], 'w', leasedAt);
    recordOutcome(chunk, reportOf(lease, { done: [1] }), now);
    expect(chunk.leaseOf(lease.fence)?.indexes).toEqual([0, 2]);
    recordOutcome(chunk, reportOf(lease, { done: [0], failed: [2] }), now);
    expect(chunk.state.leases).toEqual([]);
    expect(chunk.tally()).toEqual({ succeeded: 2, failed: 1 });
  });

  test('keeps what the last run gave, of a failed one too', () => {
    const chunk = chunkOf(1);
    const kept = (result: object, report: Parameters<typeof reportOf>[1]): unknown => {
      if (chunk.stateOf(0) === 'failed') retryTask(chunk, 0, chunk.state.attempts[0] ?? 1);
      const { lease } = leaseTasks(chunk, [0], 'w', leasedAt);
      recordOutcome(chunk, { ...reportOf(lease, report), results: result as Record<string, unknown> }, now);
      return chunk.state.extras.results[0];
    };
    expect(kept({ 0: { exit_code: 3 } }, { failed: [0] })).toBe('{"exit_code":3}');
    expect(kept({}, { failed: [0] })).toBeUndefined();
    expect(kept({ 0: 1 }, { failed: [0] })).toBe('1');
    expect(kept({}, { done: [0] })).toBeUndefined();
  });

  test('of failure is told to recovery, of success after failure as a recovery', () => {
    const chunk = chunkOf(1);
    recordOutcome(chunk, reportOf(leaseTasks(chunk, [0], 'w', leasedAt).lease, { failed: [0] }), now);
    expect(promisedBy(chunk)).toEqual({ 'task.failed': [0] });
    const [entry] = chunk.promised;
    expect(entry && eventDataOf(chunk, entry)).toMatchObject({
      tasks: [
        { attempt: 1, failures: 1, error_type: 'net.reset', failed_at: new Date(now).toISOString(), took_ms: 3, worker: 'w' },
      ],
    });
    chunk.promised = [];
    retryTask(chunk, 0, 1);
    recordOutcome(chunk, reportOf(leaseTasks(chunk, [0], 'w', leasedAt).lease, { done: [0] }), now);
    expect(promisedBy(chunk)).toEqual({ 'task.recovered': [0] });
    expect(chunk.sums()).toEqual({ counts: { succeeded: 1 }, first_try: 0, recovered: 1, retries: 1 });
  });

  test('is told together with what others of the same write tell, each task in its own words', () => {
    const chunk = chunkOf(3);
    for (const index of [0, 1, 2]) {
      recordOutcome(chunk, reportOf(leaseTasks(chunk, [index], 'w', leasedAt).lease, { failed: [index] }), now + index);
    }
    const [entry, ...others] = chunk.promised;
    expect([entry?.indexes, entry?.at, others]).toEqual([[0, 1, 2], now + 2, []]);
    const { tasks } = eventDataOf(chunk, entry as OutboxEntry) as { tasks: { task_id: string; failed_at: string }[] };
    expect(tasks.map(({ task_id, failed_at }) => [task_id, Date.parse(failed_at)])).toEqual(
      [0, 1, 2].map((index) => [chunk.taskId(index), now + index]),
    );
    chunk.emit('task.failed', [1], now + 3);
    expect(chunk.promised.map(({ indexes }) => indexes)).toEqual([[0, 1, 2], [1]]);
    chunk.takeChange();
    chunk.emit('task.failed', [2], now + 4);
    expect(chunk.promised.map(({ indexes }) => indexes)).toEqual([[2]]);
  });

  test('handed back unstarted does not count as a run', () => {
    const chunk = chunkOf(1);
    recordOutcome(chunk, reportOf(leaseTasks(chunk, [0], 'w', leasedAt).lease, { returned: [0] }), now);
    expect(chunk.stateOf(0)).toBe('ready');
    expect(chunk.state.attempts[0]).toBe(0);
  });

  test('handed back at a retry is not counted as one', () => {
    const chunk = chunkOf(1);
    recordOutcome(chunk, reportOf(leaseTasks(chunk, [0], 'w', leasedAt).lease, { failed: [0] }), now);
    retryTask(chunk, 0, 1);
    recordOutcome(chunk, reportOf(leaseTasks(chunk, [0], 'w', leasedAt).lease, { returned: [0] }), now);
    recordOutcome(chunk, reportOf(leaseTasks(chunk, [0], 'w', leasedAt).lease, { done: [0] }), now);
    expect(chunk.sums()).toMatchObject({ retries: 1, recovered: 1 });
  });
});

describe('recovery', () => {
  test('defers, retries and discards only the attempt it was told of', () => {
    const chunk = chunkOf(1);
    recordOutcome(chunk, reportOf(leaseTasks(chunk, [0], 'w', leasedAt).lease, { failed: [0] }), now);
    expect(deferTask(chunk, 0, 2, now)).toBe(false);
    expect(deferTask(chunk, 0, 1, now + 5_000)).toBe(true);
    expect(retryTask(chunk, 0, 1)).toBe(true);
    expect(retryTask(chunk, 0, 1)).toBe(false);
    leaseTasks(chunk, [0], 'w', leasedAt);
    expect(discardTask(chunk, 0, 1, now)).toBe(false);
  });

  test('lays params over those of an earlier recovery', () => {
    const chunk = chunkOf(1);
    recordOutcome(chunk, reportOf(leaseTasks(chunk, [0], 'w', leasedAt).lease, { failed: [0] }), now);
    discardTask(chunk, 0, 1, now);
    requeueTask(chunk, 0, 1, { a: 1, b: 1 }, now);
    recordOutcome(chunk, reportOf(leaseTasks(chunk, [0], 'w', leasedAt).lease, { failed: [0] }), now);
    discardTask(chunk, 0, 2, now);
    requeueTask(chunk, 0, 2, { b: 2 }, now);
    expect(leaseTasks(chunk, [0], 'w', leasedAt).header.params).toEqual({ 0: { a: 1, b: 2 } });
  });
});

describe('a bundle', () => {
  test('says in its events what a reader cannot take for granted, and no more', () => {
    const chunk = bundleOf(1);
    chunk.emit('job.created', [0], now);
    recordOutcome(chunk, reportOf(leaseTasks(chunk, [0], 'w', leasedAt).lease, { done: [0] }), now);
    const [created, completed] = chunk.promised.map((entry) => eventDataOf(chunk, entry));
    const { data } = eventCatalogue['job.created'];
    expect(JSON.stringify(created)).not.toContain('null');
    expect(data.parse(created).jobs[0]).toMatchObject({ labels: {}, retry_config: null, max_parallel_tasks: null });
    expect(Object.keys((completed as { jobs: object[] }).jobs[0] ?? {})).not.toContain('retries');
    expect(eventCatalogue['job.completed'].data.parse(completed).jobs[0]).toMatchObject({
      retries: 0,
      recovered: 0,
      error_types: {},
      submit_to_done_ms: { p50_ms: 1_007, p99_ms: 1_007 },
    });
  });

  test('tells of each job as its task ends', () => {
    const chunk = bundleOf(3);
    const { lease } = leaseTasks(chunk, [0, 1, 2], 'w', leasedAt);
    recordOutcome(chunk, reportOf(lease, { done: [0, 2], failed: [1] }), now);
    expect(promisedBy(chunk)).toEqual({ 'task.failed': [1], 'job.completed': [0, 2] });
    chunk.promised = [];
    discardTask(chunk, 1, 1, now);
    expect(promisedBy(chunk)).toEqual({ 'job.failed': [1] });
    chunk.promised = [];
    requeueTask(chunk, 1, 1, undefined, now);
    expect(promisedBy(chunk)).toEqual({ 'job.recovered': [1] });
  });

  test('tells of an end once, however often it is reported', () => {
    const chunk = bundleOf(2);
    const { lease } = leaseTasks(chunk, [0, 1], 'w', leasedAt);
    recordOutcome(chunk, reportOf(lease, { done: [0] }), now);
    recordOutcome(chunk, reportOf(lease, { done: [0] }), now);
    expect(chunk.promised.map(({ name, indexes }) => [name, indexes])).toEqual([['job.completed', [0]]]);
  });

  test('cancels a held task when its worker says so, and a waiting one at once', () => {
    const chunk = bundleOf(2);
    const { lease } = leaseTasks(chunk, [0], 'w', leasedAt);
    expect(cancelTasks(chunk, [0, 1], now)).toEqual([0]);
    expect(chunk.stateOf(1)).toBe('cancelled');
    recordOutcome(chunk, reportOf(lease, { failed: [0] }), now);
    expect(chunk.stateOf(0)).toBe('cancelled');
    expect(chunk.promised.filter(({ name }) => name === 'task.failed')).toEqual([]);
  });

  test('whose job has ended tells of no second end when its cancellation is asked for', () => {
    const chunk = bundleOf(1);
    recordOutcome(chunk, reportOf(leaseTasks(chunk, [0], 'w', leasedAt).lease, { done: [0] }), now);
    chunk.promised = [];
    expect(cancelTasks(chunk, [0], now)).toEqual([]);
    expect(chunk.stateOf(0)).toBe('succeeded');
    expect(chunk.promised).toEqual([]);
  });
});

type Step = {
  kind: 'lease' | 'done' | 'failed' | 'returned' | 'lose' | 'defer' | 'retry' | 'discard' | 'requeue' | 'cancel';
  pick: number;
  size: number;
};

const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom('lease', 'done', 'failed', 'returned', 'lose', 'defer', 'retry', 'discard', 'requeue', 'cancel'),
    pick: fc.nat(30),
    size: fc.integer({ min: 1, max: 4 }),
  }),
  { maxLength: 60 },
);

describe('whatever happens to a chunk', () => {
  test('counts add up, tokens rise, every lease holds what is held, and no end is undone by a late report', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom('idempotent' as const, 'unsafe' as const), (sequence, safety) => {
        const chunk = chunkOf(8, safety);
        const seen: { fence: number; indexes: number[] }[] = [];
        for (const step of sequence) {
          const succeeded = chunk.indexesIn('succeeded');
          const index = step.pick % 8;
          const attempt = chunk.state.attempts[index] ?? 0;
          const lease = seen[step.pick % Math.max(1, seen.length)];
          const past = lease && { fence: lease.fence, workerId: 'w', indexes: lease.indexes, leasedAt: now };
          if (step.kind === 'lease') {
            const ready = chunk.readyIndexes(step.size, 1_000);
            if (ready.length > 0) seen.push({ fence: leaseTasks(chunk, ready, 'w', leasedAt).lease.fence, indexes: ready });
          } else if (step.kind === 'done' || step.kind === 'failed' || step.kind === 'returned') {
            if (past) recordOutcome(chunk, reportOf(past, { [step.kind]: past.indexes.slice(0, step.size) }), now);
          } else if (step.kind === 'lose') {
            if (past) loseLease(chunk, past.fence, { alone: step.size === 1, lossesMax: 3, now });
          } else if (step.kind === 'defer') deferTask(chunk, index, attempt, now);
          else if (step.kind === 'retry') retryTask(chunk, index, attempt);
          else if (step.kind === 'discard') discardTask(chunk, index, attempt, now);
          else if (step.kind === 'requeue') requeueTask(chunk, index, attempt, undefined, now);
          else cancelTasks(chunk, [index], now);
          expect(Object.values(chunk.tally()).reduce((sum, count) => sum + count, 0)).toBe(8);
          const held = chunk.state.leases.filter(({ lost }) => !lost).flatMap(({ indexes }) => indexes);
          expect([...held].sort()).toEqual(chunk.indexesIn('leased', 'running').sort());
          expect(new Set(seen.map(({ fence }) => fence)).size).toBe(seen.length);
          expect(succeeded.every((done) => chunk.stateOf(done) === 'succeeded')).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
