import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { acceptedAt, bundleOf, chunkOf, reportOf } from './chunk-sample.js';
import { eventDataOf } from './chunk-events.js';
import { leaseTasks } from './lease-tasks.js';
import { recordOutcome } from './record-outcome.js';
import { startTasks } from './recovery-moves.js';
import { boundRun } from './run-bounds.js';
import { viewTask } from './task-view.js';

const leasedAt = acceptedAt + 1_000;
const now = leasedAt + 60_000;
const lease = { fence: 1, workerId: 'w', indexes: [0], leasedAt };
const hourMs = 3_600_000;

describe('a run', () => {
  test('within its lease is taken as the worker tells it', () => {
    expect(boundRun({ startedAt: leasedAt + 20, tookUs: 5_000_500 }, chunkOf(1), lease, now)).toEqual({
      startedAt: leasedAt + 20,
      tookUs: 5_000_500,
    });
  });

  test('shorter than the clock can tell keeps its length', () => {
    expect(boundRun({ startedAt: leasedAt, tookUs: 800 }, chunkOf(1), lease, leasedAt)).toEqual({
      startedAt: leasedAt,
      tookUs: 800,
    });
  });

  test.each([
    ['an hour behind', -hourMs, leasedAt],
    ['a hundred days behind', -2_400 * hourMs, leasedAt],
    ['an hour ahead', hourMs, now - 5_000],
  ])('by a clock that is %s is taken as it can have been', (_, offMs, startedAt) => {
    const run = { startedAt: leasedAt + 20 + offMs, tookUs: 5_000_000 };
    expect(boundRun(run, chunkOf(1), lease, now)).toEqual({ startedAt, tookUs: 5_000_000 });
  });

  test('keeps its length when our own clock was set back meanwhile', () => {
    const run = boundRun({ startedAt: leasedAt + 20, tookUs: 5_000_000 }, chunkOf(1), lease, leasedAt - hourMs);
    expect(run).toEqual({ startedAt: leasedAt, tookUs: 5_000_000 });
  });

  test('lies between its lease and now, whatever the worker tells', () => {
    const anything = fc.record({ startedAt: fc.maxSafeInteger(), tookUs: fc.maxSafeNat() });
    fc.assert(
      fc.property(anything, fc.nat(10_000_000), (told, laterMs) => {
        const { startedAt, tookUs } = boundRun(told, chunkOf(1), lease, leasedAt + laterMs);
        expect(startedAt).toBeGreaterThanOrEqual(leasedAt);
        expect(startedAt + tookUs / 1_000).toBeLessThanOrEqual(leasedAt + laterMs + 1);
        expect(tookUs).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe.each([-hourMs, -2_400 * hourMs, hourMs])('a worker whose clock is off by %i ms', (offMs) => {
  test('changes no time of its tasks and jobs, and no metric', () => {
    const bundle = bundleOf(1);
    const taken = leaseTasks(bundle, [0], 'w', leasedAt).lease;
    startTasks(bundle, taken.fence, [[0, leasedAt + offMs]], leasedAt + 2_000);
    expect(Date.parse(viewTask(bundle, 0).started_at ?? '')).toBeGreaterThanOrEqual(leasedAt);
    recordOutcome(bundle, { ...reportOf(taken, { done: [0] }), base_ms: leasedAt + offMs }, now);
    const { started_at, finished_at } = viewTask(bundle, 0);
    for (const time of [started_at, finished_at]) {
      expect(Date.parse(time ?? '')).toBeGreaterThanOrEqual(leasedAt);
      expect(Date.parse(time ?? '')).toBeLessThanOrEqual(now);
    }
    const ended = bundle.promised.find(({ name }) => name === 'job.completed');
    expect(ended && eventDataOf(bundle, ended)).toMatchObject({ jobs: [{ started_at, finished_at }] });
    for (const stats of [bundle.stats.outcomeMs, bundle.stats.waitMs]) {
      expect(stats).toEqual([expect.any(Number)]);
      expect(Math.min(...stats)).toBeGreaterThanOrEqual(0);
    }
  });
});
