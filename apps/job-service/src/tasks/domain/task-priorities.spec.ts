import { describe, expect, test } from '@jest/globals';
import { chunkDocument, chunkFrom } from '../mongo/chunk-document.js';
import { operationOf } from '../mongo/chunk-operation.js';
import { eventDataOf } from './chunk-events.js';
import { bundleOf } from './chunk-sample.js';
import { Chunk } from './chunk.js';
import { headInBundle } from './job-head.js';
import { leaseTasks, sliceOf } from './lease-tasks.js';
import { cancelTasks } from './recovery-moves.js';
import { priorityNow, prioritiseBundledJob } from './task-priorities.js';

const now = 1_700_000_010_000;

function set(chunk: Chunk, index: number, priority: number): boolean {
  return prioritiseBundledJob(chunk, index, priority, 'ann', now);
}

describe('a job in a bundle that has a priority of its own', () => {
  test('has it in its worker as well, also where its lease is sent once more and nothing of the chunk is ready', () => {
    const chunk = bundleOf(2);
    set(chunk, 1, 9);
    const { lease } = leaseTasks(chunk, [1], 'worker-1', now);
    leaseTasks(chunk, [0], 'worker-1', now);
    const loaded = new Chunk(chunk.identity, chunk.state, chunk.lines);
    expect([loaded.priority, sliceOf(loaded, lease).header.priority]).toEqual([5, 9]);
  });

  test('goes before its neighbours where it is higher, and alone', () => {
    const chunk = bundleOf(4);
    expect(set(chunk, 2, 9)).toBe(true);
    expect([priorityNow(chunk), chunk.readyIndexes(10, 1e6)]).toEqual([9, [2]]);
    leaseTasks(chunk, [2], 'w', now);
    expect([priorityNow(chunk), chunk.readyIndexes(10, 1e6)]).toEqual([5, [0, 1, 3]]);
  });

  test('goes after its neighbours where it is lower', () => {
    const chunk = bundleOf(3);
    set(chunk, 0, 1);
    expect(chunk.readyIndexes(10, 1e6)).toEqual([1, 2]);
    leaseTasks(chunk, [1, 2], 'w', now);
    expect([priorityNow(chunk), chunk.readyIndexes(10, 1e6)]).toEqual([1, [0]]);
  });

  test('is shown with it, and its neighbours with what they were accepted with', () => {
    const chunk = bundleOf(2);
    set(chunk, 1, 0);
    expect([0, 1].map((index) => headInBundle(chunk, index)?.priority)).toEqual([5, 0]);
  });

  test('has it after the bundle was written and read again, among the other chunks too', () => {
    const chunk = bundleOf(3);
    const stored = chunkDocument(chunk.takeChange(), 1);
    expect(stored).not.toHaveProperty('base_priority');
    set(chunk, 1, 8);
    const { updateOne } = operationOf({ change: chunk.takeChange(), epoch: 1, write: 2 }) as { updateOne: { update: object } };
    expect(updateOne.update).toMatchObject({ $set: { priority: 8, base_priority: 5, 'extras.priority.1': 8 } });
    const again = chunkFrom({ ...stored, priority: 8, base_priority: 5, extras: structuredClone(chunk.state.extras) });
    expect([again.priority, again.identity.priority, again.readyIndexes(9, 1e6)]).toEqual([8, 5, [1]]);
    leaseTasks(again, [1], 'w', now);
    expect(again.takeChange().priorities).toEqual({ priority: 5, base_priority: 5 });
  });

  test('is told once, with who set it', () => {
    const chunk = bundleOf(2);
    set(chunk, 1, 7);
    set(chunk, 1, 7);
    expect(chunk.promised.map((entry) => [entry.name, eventDataOf(chunk, entry)])).toEqual([
      ['job.reprioritised', { jobs: [{ job_id: chunk.jobIdOf(1), status: 'pending', by: 'ann', priority: 7 }] }],
    ]);
  });

  test('gets none once it has ended', () => {
    const chunk = bundleOf(1);
    cancelTasks(chunk, [0], now);
    expect([set(chunk, 0, 7), chunk.state.extras.priority]).toEqual([false, {}]);
  });

  test('costs bundles without any nothing in what is written', () => {
    const chunk = bundleOf(2);
    leaseTasks(chunk, [0], 'w', now);
    expect(chunk.takeChange().priorities).toBeUndefined();
  });
});
