import { describe, expect, test } from '@jest/globals';
import { chunkDocument, chunkFrom } from '../mongo/chunk-document.js';
import { operationOf } from '../mongo/chunk-operation.js';
import { eventDataOf } from './chunk-events.js';
import { bundleOf, reportOf } from './chunk-sample.js';
import type { Chunk } from './chunk.js';
import { eraseBundledJobs, isEmptyBundle } from './erase-bundled-jobs.js';
import { leaseTasks } from './lease-tasks.js';
import { loseLease } from './lose-lease.js';
import { recordOutcome } from './record-outcome.js';
import { cancelTasks } from './recovery-moves.js';
import { prioritiseBundledJob } from './task-priorities.js';

const now = 1_700_000_010_000;

/** The first has succeeded with a result, the second was cancelled, the third waits. */
function bundle(): Chunk {
  const chunk = bundleOf(3);
  const { lease } = leaseTasks(chunk, [0], 'w', now);
  recordOutcome(chunk, { ...reportOf(lease, { done: [0] }), results: { 0: '"secret"' }, logs: { 0: ['secret'] } }, now);
  prioritiseBundledJob(chunk, 1, 9, 'ann', now);
  cancelTasks(chunk, [1], now);
  return chunk;
}

describe('deleted jobs of a bundle', () => {
  test('leave nothing of them in it, and their neighbours are as they were', () => {
    const chunk = bundle();
    const stored = chunkDocument(chunk.takeChange(), 1);
    expect(JSON.stringify(stored)).toContain('secret');
    expect(eraseBundledJobs(chunk, [0, 1])).toBe(2);
    const { updateOne } = operationOf({ change: chunk.takeChange(), epoch: 1, write: 2 }) as {
      updateOne: { update: { $set: object; $unset: object } };
    };
    const { $set, $unset } = updateOne.update;
    expect($set).toMatchObject({ tasks: '{}\n{}\n{"payload":2}', jobs: [null, null, { id: chunk.jobIdOf(2) }], states: 'kkr' });
    expect(Object.keys($unset).sort()).toEqual(['extras.ended.1', 'extras.logs.0', 'extras.priority.1', 'extras.results.0']);
    const again = chunkFrom({ ...stored, ...$set, extras: structuredClone(chunk.state.extras) });
    expect([again.readyIndexes(9, 1e6), again.jobIdOf(0), again.open]).toEqual([[2], '', 1]);
    expect([...again.state.startedAt, ...again.state.attempts]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('are told of no more, though an event about them waits', () => {
    const chunk = bundle();
    const ended = chunk.promised.find(({ name }) => name === 'job.completed');
    eraseBundledJobs(chunk, [0]);
    expect(ended && eventDataOf(chunk, ended)).toEqual({ jobs: [] });
  });

  test('are those that have ended: the others stay', () => {
    const chunk = bundle();
    expect([eraseBundledJobs(chunk, [2]), chunk.lines?.[2], isEmptyBundle(chunk)]).toEqual([0, '{"payload":2}', false]);
    expect(chunk.takeChange().stats.erased).toBe(0);
  });

  test('are erased once, and the bundle is empty with the last', () => {
    const chunk = bundle();
    cancelTasks(chunk, [2], now);
    expect([eraseBundledJobs(chunk, [0, 1, 2]), eraseBundledJobs(chunk, [0, 1, 2]), isEmptyBundle(chunk)]).toEqual([3, 0, true]);
  });

  test('that a person would have had to decide about wait for nobody, and a late report heals nothing', () => {
    const chunk = bundleOf(1, 'unsafe');
    const { lease } = leaseTasks(chunk, [0], 'w', now);
    loseLease(chunk, lease.fence, { alone: true, lossesMax: 5, now });
    const late = reportOf({ ...lease, indexes: [0] }, { done: [0] });
    eraseBundledJobs(chunk, [0]);
    expect(chunk.indexesIn('outcome_unknown', 'quarantined')).toEqual([]);
    expect(recordOutcome(chunk, { ...late, logs: { 0: ['secret'] } }, now).taken).toBe(0);
    expect([chunk.state.extras.logs, chunk.stateOf(0)]).toEqual([{}, 'skipped']);
  });
});
