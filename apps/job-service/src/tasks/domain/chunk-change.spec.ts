import { describe, expect, test } from '@jest/globals';
import { acceptedAt, bundleOf, reportOf } from './chunk-sample.js';
import { leaseTasks } from './lease-tasks.js';
import { recordOutcome } from './record-outcome.js';

describe('a change that was taken from a chunk', () => {
  test('stays as it is while the chunk goes on changing', () => {
    const chunk = bundleOf(2);
    const { lease } = leaseTasks(chunk, [0, 1], 'w', acceptedAt);
    recordOutcome(chunk, reportOf(lease, { failed: [0] }), acceptedAt + 1_000);
    const change = chunk.takeChange();
    const taken = structuredClone({ ...change, chunk: null });
    recordOutcome(chunk, reportOf(lease, { done: [1] }), acceptedAt + 2_000);
    chunk.setExtra('errors', 0, undefined);
    expect({ ...change, chunk: null }).toEqual(taken);
    expect(change.state.leases).toMatchObject([{ indexes: [1] }]);
  });

  test('holds what has changed since the change before, and makes the next version of it', () => {
    const chunk = bundleOf(2);
    chunk.setExtra('due', 1, 5);
    const first = chunk.takeChange();
    recordOutcome(chunk, reportOf(leaseTasks(chunk, [0], 'w', acceptedAt).lease, { done: [0] }), acceptedAt + 1_000);
    chunk.setExtra('due', 1, undefined);
    const second = chunk.takeChange();
    expect([first.from, first.version, second.from, second.version]).toEqual([0, 1, 1, 2]);
    expect([first.extras, second.extras]).toEqual([[['due', 1, 5]], [['due', 1, undefined]]]);
    expect(second.promised.map(({ name }) => name)).toEqual(['job.completed']);
    expect(second.stats.succeededUs).toHaveLength(1);
    expect(chunk.takeChange()).toMatchObject({ from: 2, extras: [], promised: [], stats: { succeededUs: [] } });
  });
});
