import { describe, expect, test } from '@jest/globals';
import type { JobEndingInput, JobHead } from '@kintsugi/contracts';
import { freshJob } from '../../intake/domain/fresh-chunks.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import { eventDataOf } from '../../tasks/domain/chunk-events.js';
import { acceptedAt, bundleOf, chunkOf, reportOf, uuid } from '../../tasks/domain/chunk-sample.js';
import { leaseTasks } from '../../tasks/domain/lease-tasks.js';
import { loseLease } from '../../tasks/domain/lose-lease.js';
import { recordOutcome } from '../../tasks/domain/record-outcome.js';
import { discardTask, retryTask } from '../../tasks/domain/recovery-moves.js';
import { viewBundledJob, viewJob } from './job-view.js';
import { LedgerEntry } from './ledger-entry.js';

const now = acceptedAt + 10_000;

function run(chunk: Chunk, index: number, ended: Parameters<typeof reportOf>[1]): void {
  recordOutcome(chunk, reportOf(leaseTasks(chunk, [index], 'w', acceptedAt + 1_000).lease, ended), now);
}

/** What the last ending says of errors. */
function toldErrors(chunk: Chunk): [unknown, unknown] {
  const [job] = chunk.promised
    .filter(({ name }) => name === 'job.completed' || name === 'job.failed')
    .flatMap((entry) => (eventDataOf(chunk, entry) as { jobs: JobEndingInput[] }).jobs)
    .slice(-1);
  return [job?.error_count, job?.error_types];
}

describe('a single-task job', () => {
  test('keeps the runs that failed counted once it has healed, and its event says so', () => {
    const chunk = bundleOf(1);
    run(chunk, 0, { failed: [0] });
    expect(viewBundledJob(chunk, 0)).toMatchObject({ status: 'running', detailed_status: { error_count: 1 } });
    retryTask(chunk, 0, 1);
    run(chunk, 0, { done: [0] });
    expect(viewBundledJob(chunk, 0)).toMatchObject({
      ...{ status: 'completed', detailed_status: { error_count: 1 } },
      run_stats: { retries: 1, recovered: 1, first_try: 0, task_ms: { p50_ms: 2, p99_ms: 2 } },
    });
    expect(toldErrors(chunk)).toEqual([1, undefined]);
  });

  test('that failed for good counts every run that failed', () => {
    const chunk = bundleOf(1);
    run(chunk, 0, { failed: [0] });
    retryTask(chunk, 0, 1);
    run(chunk, 0, { failed: [0] });
    discardTask(chunk, 0, 2, now);
    expect(viewBundledJob(chunk, 0)).toMatchObject({ status: 'failed', detailed_status: { error_count: 2 } });
    expect(toldErrors(chunk)).toEqual([undefined, { 'net.reset': 2 }]);
  });

  test('that ended by the loss of its worker counts that run too', () => {
    const chunk = bundleOf(1, 'unsafe');
    run(chunk, 0, { failed: [0] });
    retryTask(chunk, 0, 1);
    loseLease(chunk, leaseTasks(chunk, [0], 'w', now).lease.fence, { alone: true, lossesMax: 3, now });
    expect(viewBundledJob(chunk, 0)).toMatchObject({ detailed_status: { error_count: 2 } });
    expect(toldErrors(chunk)).toEqual([undefined, { 'worker.lost': 2 }]);
  });
});

describe('a job of many tasks', () => {
  const head: JobHead = { product_id: 'p', sending_group_id: 'g', priority: 5, safety: 'idempotent', labels: {} };
  const job = freshJob(`job_${uuid}`, head, {
    type: 'send',
    userId: 'u',
    tenant: 'default',
    total: 3,
    chunks: 1,
    now: acceptedAt,
  });
  const none = { counts: {}, first_try: 0, recovered: 0, retries: 0 };

  function entryOf(chunk: Chunk, isPlan = false): LedgerEntry {
    const entry = new LedgerEntry({ ...job, opened: true }, none, null);
    entry.add(isPlan, none, chunk.sums(), chunk.takeChange().stats);
    return entry;
  }

  test('tells while it runs what its runs add up to, and the runs that failed also of tasks that healed', () => {
    const chunk = chunkOf(3);
    run(chunk, 0, { failed: [0] });
    retryTask(chunk, 0, 1);
    run(chunk, 0, { done: [0] });
    run(chunk, 1, { done: [1] });
    const entry = entryOf(chunk);
    expect(viewJob({ ...job, ...entry.snapshot() })).toMatchObject({
      task_counts: { succeeded: 2, ready: 1 },
      detailed_status: { error_count: 1 },
      run_stats: { retries: 1, recovered: 1, first_try: 1 },
    });
    expect(entry.eventData('job.progressed', 'running', { startedAt: null, finishedAt: null })).toMatchObject({
      jobs: [{ detailed_status: { error_count: 1 } }],
    });
  });

  test('counts the runs of its planning that failed', () => {
    const plan = chunkOf(1);
    run(plan, 0, { failed: [0] });
    expect(viewJob({ ...job, ...entryOf(plan, true).snapshot() }).detailed_status.error_count).toBe(1);
  });
});
