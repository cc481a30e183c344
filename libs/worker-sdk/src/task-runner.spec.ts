import { describe, expect, test } from '@jest/globals';
import type { LeaseOutcome, WorkHeader } from '@kintsugi/contracts';
import type { HeldLease } from './held-lease.js';
import type { TaskHandler } from './task-context.js';
import { NonRetryable } from './task-error.js';
import { TaskRunner } from './task-runner.js';

/** A runner of one handler, and what it has to report. */
function runnerOf(handler: TaskHandler, slots = 10): { runner: TaskRunner; reported: () => LeaseOutcome[] } {
  const finished = new Set<HeldLease>();
  const reporter = { finished: (lease: HeldLease) => void finished.add(lease) };
  const mappings = [
    () => {
      throw new Error('a mapping at fault');
    },
  ];
  const runner = new TaskRunner({ slots, handlers: new Map([['send', handler]]), mappings, reporter });
  return { runner, reported: () => [...finished].flatMap((lease) => lease.takeReport() ?? []) };
}

function headerOf(indexes: number[], fence = 1): WorkHeader {
  const attempts = indexes.map(() => 1);
  return { v: 1, chunk_id: 'chunk', job_id: 'job', fence, lane: 'send', safety: 'idempotent', indexes, attempts };
}

function take(runner: TaskRunner, header: WorkHeader): void {
  runner.take(
    header,
    header.indexes.map((index) => `{"payload":${index}}`),
  );
}

describe('a failure that cannot be described', () => {
  const thrown = [new NonRetryable('x', { error_type: undefined as never }), Object.create(null), undefined, new Proxy({}, {})];

  test('ends its own task and leaves the worker and its other tasks alone', async () => {
    const { runner, reported } = runnerOf(({ task }) => {
      if (task.payload === 4) return 'well';
      throw thrown[task.payload as number];
    });
    take(runner, headerOf([0, 1, 2, 3, 4]));
    await runner.finished(1_000);
    const [outcome] = reported();
    expect(outcome?.failed.map(({ index, error_type: type }) => [index, type])).toEqual([
      [0, 'task.non_retryable'],
      [1, 'error.thrown'],
      [2, 'error.thrown'],
      [3, 'error.thrown'],
    ]);
    expect(outcome).toMatchObject({ done: [4], results: { 4: 'well' } });
    expect(outcome?.logs?.[1]).toEqual(['A mapping given to mapError was passed over, because it threw: a mapping at fault']);
  });
});
