import { expect, test } from '@jest/globals';
import type { SafetyClass } from '@kintsugi/contracts';
import { acceptedAt, chunkOf, reportOf } from './chunk-sample.js';
import { Chunk } from './chunk.js';
import { failOverdue, overdueOf } from './fail-overdue.js';
import { leaseTasks } from './lease-tasks.js';
import { recordOutcome } from './record-outcome.js';
import { startTasks } from './recovery-moves.js';

/** Three tasks with a worker, of which the first two run; the second began two seconds later. */
function running(timeoutS: number | undefined, safety: SafetyClass = 'idempotent') {
  const { identity, state, lines } = chunkOf(3, safety);
  const chunk = new Chunk({ ...identity, ...(timeoutS === undefined ? {} : { timeoutS }) }, state, lines);
  const { lease, header } = leaseTasks(chunk, [0, 1, 2], 'w', acceptedAt);
  const starts: [number, number][] = [
    [0, acceptedAt],
    [1, acceptedAt + 2_000],
  ];
  startTasks(chunk, lease.fence, starts, acceptedAt + 3_000);
  return { chunk, lease, header };
}

test('a lease says how long its runs may take, and only where its job does', () => {
  expect(running(4).header.timeout_s).toBe(4);
  expect(running(undefined).header).not.toHaveProperty('timeout_s');
});

test('what has run too long is overdue, not what began later or waits', () => {
  const { chunk, lease } = running(4);
  expect(overdueOf(chunk, lease.fence, acceptedAt + 4_000)).toEqual([]);
  expect(overdueOf(chunk, lease.fence, acceptedAt + 4_001)).toEqual([0]);
  expect(overdueOf(chunk, lease.fence, acceptedAt + 60_000)).toEqual([0, 1]);
  expect(overdueOf(chunk, lease.fence + 1, acceptedAt + 60_000)).toEqual([]);
  expect(overdueOf(running(undefined).chunk, 1, acceptedAt + 60_000)).toEqual([]);
});

test('of unsafe tasks none is: their handler may still take effect', () => {
  const { chunk, lease } = running(4, 'unsafe');
  expect(overdueOf(chunk, lease.fence, acceptedAt + 60_000)).toEqual([]);
});

test('an overdue run fails for recovery to decide, and what its worker says later is refused', () => {
  const { chunk, lease } = running(4);
  const now = acceptedAt + 9_500;
  expect(failOverdue(chunk, lease.fence, [0, 1], now)).toBe(true);
  expect(chunk.stateOf(0)).toBe('failed');
  expect(chunk.state.extras.errors[0]).toMatchObject({ error_type: 'task.timeout', non_retryable: false, attempt: 1 });
  expect([chunk.state.startedAt[0], chunk.state.startedAt[1]]).toEqual([acceptedAt, acceptedAt + 2_000]);
  expect([chunk.state.tookUs[0], chunk.state.tookUs[1]]).toEqual([9_500_000, 7_500_000]);
  expect(chunk.promised.map(({ name, indexes }) => [name, indexes])).toContainEqual(['task.failed', [0, 1]]);
  expect(chunk.leaseOf(lease.fence)?.indexes).toEqual([2]);
  expect(recordOutcome(chunk, reportOf(lease, { done: [0] }), now)).toEqual({ taken: 0, fenced: 1 });
  expect(failOverdue(chunk, lease.fence, [0], now)).toBe(false);
});
