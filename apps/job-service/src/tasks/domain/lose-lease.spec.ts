import { describe, expect, test } from '@jest/globals';
import type { Chunk } from './chunk.js';
import { acceptedAt, bundleOf, chunkOf, reportOf } from './chunk-sample.js';
import { leaseTasks } from './lease-tasks.js';
import { WORKER_LOST, loseLease } from './lose-lease.js';
import { recordOutcome } from './record-outcome.js';
import { bundledJobErrors } from './bundled-job-stats.js';
import { viewTask } from './task-view.js';
import { cancelTasks, requeueTask } from './recovery-moves.js';
import { isolationOf } from './suspects.js';

const now = acceptedAt + 10_000;

function promisedBy(chunk: Chunk): Record<string, number[]> {
  return Object.fromEntries(chunk.promised.map(({ name, indexes }) => [name, indexes]));
}

describe('a lost worker', () => {
  test('gives idempotent and keyed tasks back to run elsewhere', () => {
    for (const safety of ['idempotent', 'keyed'] as const) {
      const chunk = chunkOf(1, safety);
      loseLease(chunk, leaseTasks(chunk, [0], 'w', now).lease.fence, { alone: false, lossesMax: 5, now });
      expect(chunk.stateOf(0)).toBe('ready');
      expect(chunk.state.leases).toEqual([]);
    }
  });

  test('leaves an unsafe task unknown until its late report clears it up', () => {
    const chunk = chunkOf(1, 'unsafe');
    const { lease } = leaseTasks(chunk, [0], 'w', now);
    loseLease(chunk, lease.fence, { alone: false, lossesMax: 5, now });
    expect(chunk.stateOf(0)).toBe('outcome_unknown');
    expect(promisedBy(chunk)).toEqual({ 'task.lost': [0] });
    chunk.promised = [];
    recordOutcome(chunk, reportOf(lease, { done: [0] }), now);
    expect(chunk.stateOf(0)).toBe('succeeded');
    expect(promisedBy(chunk)).toEqual({ 'task.recovered': [0] });
  });

  test.each([
    [{ done: [0] }, null, {}],
    [{ failed: [0] }, 'net.reset', { 'net.reset': 1 }],
  ])('that reports late, as %j, leaves no loss as the error of its unsafe task', (report, errorType, errorTypes) => {
    for (const chunk of [chunkOf(1, 'unsafe'), bundleOf(1, 'unsafe')]) {
      const { lease } = leaseTasks(chunk, [0], 'w', now);
      loseLease(chunk, lease.fence, { alone: false, lossesMax: 5, now });
      expect(viewTask(chunk, 0).error?.error_type).toBe(WORKER_LOST);
      recordOutcome(chunk, reportOf(lease, report), now);
      expect(viewTask(chunk, 0).error?.error_type ?? null).toBe(errorType);
      expect(Object.fromEntries([...chunk.stats.failuresByType].filter(([, count]) => count !== 0))).toEqual(errorTypes);
      if (errorType === null) expect(bundledJobErrors(chunk, 0)).toBe(0);
    }
  });

  test('cannot report a task that a person has requeued since', () => {
    const chunk = chunkOf(1, 'unsafe');
    const { lease } = leaseTasks(chunk, [0], 'w', now);
    loseLease(chunk, lease.fence, { alone: false, lossesMax: 5, now });
    expect(requeueTask(chunk, 0, 1, undefined, now)).toBe(true);
    expect(recordOutcome(chunk, reportOf(lease, { done: [0] }), now).fenced).toBe(1);
    expect(chunk.stateOf(0)).toBe('ready');
  });

  test('leaves an unsafe task unknown although its cancellation was asked for: it may have taken effect', () => {
    for (const chunk of [chunkOf(1, 'unsafe'), bundleOf(1, 'unsafe')]) {
      const { lease } = leaseTasks(chunk, [0], 'w', now);
      cancelTasks(chunk, [0], now);
      loseLease(chunk, lease.fence, { alone: false, lossesMax: 5, now });
      expect(chunk.stateOf(0)).toBe('outcome_unknown');
      expect(promisedBy(chunk)).toMatchObject({ 'task.lost': [0] });
    }
  });

  test('that reports late that a cancelled unsafe task stopped, or succeeded first, clears it up', () => {
    for (const [report, state] of [
      [{ failed: [0] }, 'cancelled'],
      [{ done: [0] }, 'succeeded'],
    ] as const) {
      const chunk = bundleOf(1, 'unsafe');
      const { lease } = leaseTasks(chunk, [0], 'w', now);
      cancelTasks(chunk, [0], now);
      loseLease(chunk, lease.fence, { alone: false, lossesMax: 5, now });
      chunk.promised = [];
      recordOutcome(chunk, reportOf(lease, { failed: [...(report.failed ?? [])], done: [...(report.done ?? [])] }), now);
      expect(chunk.stateOf(0)).toBe(state);
      expect(chunk.state.leases).toEqual([]);
      expect(promisedBy(chunk)).toMatchObject({
        'job.recovered': [0],
        [state === 'succeeded' ? 'job.completed' : 'job.cancelled']: [0],
      });
    }
  });

  test('of which nobody knew how it ended when its job was cancelled is not run again when it tells late that it failed', () => {
    const chunk = chunkOf(1, 'unsafe');
    const { lease } = leaseTasks(chunk, [0], 'w', now);
    loseLease(chunk, lease.fence, { alone: false, lossesMax: 5, now });
    expect(cancelTasks(chunk, [0], now)).toEqual([]);
    expect(chunk.stateOf(0)).toBe('outcome_unknown');
    recordOutcome(chunk, reportOf(lease, { failed: [0] }), now);
    expect(chunk.stateOf(0)).toBe('cancelled');
  });

  test('leaves what was cancelled and may run again cancelled', () => {
    const chunk = chunkOf(1);
    const { lease } = leaseTasks(chunk, [0], 'w', now);
    cancelTasks(chunk, [0], now);
    loseLease(chunk, lease.fence, { alone: false, lossesMax: 5, now });
    expect(chunk.stateOf(0)).toBe('cancelled');
  });

  test('that held nothing else puts the task in quarantine, when it was one too many', () => {
    const chunk = chunkOf(1);
    for (let loss = 1; loss <= 3; loss += 1) {
      loseLease(chunk, leaseTasks(chunk, [0], `w${loss}`, now).lease.fence, { alone: true, lossesMax: 3, now });
      expect(chunk.stateOf(0)).toBe(loss < 3 ? 'ready' : 'quarantined');
    }
    expect(promisedBy(chunk)).toEqual({ 'task.lost': [0] });
    expect(chunk.state.extras.errors[0]?.error_message).toBe(
      '3 workers were lost while they held this task, 3 of them while they held no other.',
    );
  });

  test('that held others too is no proof against any of them, however often', () => {
    const chunk = chunkOf(2);
    for (let loss = 1; loss <= 10; loss += 1) {
      loseLease(chunk, leaseTasks(chunk, [0, 1], 'w', now).lease.fence, { alone: false, lossesMax: 3, now });
    }
    expect(chunk.tally()).toEqual({ ready: 2 });
    expect(chunk.state.extras.losses).toEqual({ 0: { workers: 10, alone: 0 }, 1: { workers: 10, alone: 0 } });
  });

  test('is no longer held against a task whose worker lives to tell how it ended', () => {
    for (const end of [{ done: [0] }, { failed: [0] }]) {
      const chunk = chunkOf(1);
      loseLease(chunk, leaseTasks(chunk, [0], 'w', now).lease.fence, { alone: true, lossesMax: 5, now });
      expect(chunk.state.extras.losses).toEqual({ 0: { workers: 1, alone: 1 } });
      recordOutcome(chunk, reportOf(leaseTasks(chunk, [0], 'v', now).lease, end), now);
      expect(chunk.state.extras.losses).toEqual({});
    }
  });

  test('in quarantine leaves a requeued task all its tries, still alone', () => {
    const chunk = chunkOf(1);
    const loseAlone = () => loseLease(chunk, leaseTasks(chunk, [0], 'w', now).lease.fence, { alone: true, lossesMax: 5, now });
    for (let loss = 1; loss <= 5; loss += 1) loseAlone();
    expect(chunk.stateOf(0)).toBe('quarantined');
    requeueTask(chunk, 0, 5, undefined, now);
    loseAlone();
    expect(chunk.stateOf(0)).toBe('ready');
    expect(isolationOf(chunk, [0])).toBe(1);
  });
});
