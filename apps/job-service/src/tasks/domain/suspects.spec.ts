import { describe, expect, test } from '@jest/globals';
import { chunkOf } from './chunk-sample.js';
import { isolationOf, isolationOfReadySuspects, hasReadyUnsuspected, hasSuspects, tasksOfIsolation } from './suspects.js';

describe('the isolation of a task', () => {
  test.each([
    [0, Infinity],
    [1, Infinity],
    [2, 16],
    [3, 4],
    [4, 1],
    [9, 1],
  ])('after %i lost workers is %d', (workers, isolation) => {
    const chunk = chunkOf(3);
    if (workers > 0) chunk.setExtra('losses', 1, { workers, alone: 0 });
    expect(isolationOf(chunk, [0])).toBe(Infinity);
    expect(isolationOf(chunk, [0, 1])).toBe(isolation);
  });
});

describe('a chunk', () => {
  test('without losses has tasks that run beside any number of others, and only such', () => {
    const chunk = chunkOf(2);
    expect(hasSuspects(chunk)).toBe(false);
    expect(hasReadyUnsuspected(chunk)).toBe(true);
    expect(isolationOfReadySuspects(chunk)).toBe(0);
    expect(tasksOfIsolation(chunk, Infinity)).toBeNull();
  });

  test('of which every task has lost one worker has no suspects to look for', () => {
    const chunk = chunkOf(2);
    for (const index of [0, 1]) chunk.setExtra('losses', index, { workers: 1, alone: 0 });
    expect(hasSuspects(chunk)).toBe(false);
    expect(tasksOfIsolation(chunk, Infinity)).toBeNull();
  });

  test('gives its suspects apart from the others, those that need the least isolation first', () => {
    const chunk = chunkOf(5);
    [0, 4, 2, 1, 2].forEach((workers, index) => chunk.setExtra('losses', index, { workers, alone: 0 }));
    expect(chunk.readyIndexes(5, 1_000, tasksOfIsolation(chunk, Infinity))).toEqual([0, 3]);
    expect(isolationOfReadySuspects(chunk)).toBe(16);
    expect(chunk.readyIndexes(5, 1_000, tasksOfIsolation(chunk, 16))).toEqual([2, 4]);
    for (const index of [0, 2, 3, 4]) chunk.move(index, 'lease');
    expect(hasReadyUnsuspected(chunk)).toBe(false);
    expect(isolationOfReadySuspects(chunk)).toBe(1);
  });
});
