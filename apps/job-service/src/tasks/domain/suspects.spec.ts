import { describe, expect, test } from '@jest/globals';
import { chunkOf } from './chunk-sample.js';
import { companyOf, companyOfReadySuspects, hasReadyUnsuspected, hasSuspects, tasksOfCompany } from './suspects.js';

describe('the company that a task may run in', () => {
  test.each([
    [0, Infinity],
    [1, Infinity],
    [2, 16],
    [3, 4],
    [4, 1],
    [9, 1],
  ])('after %i lost workers is %d', (workers, company) => {
    const chunk = chunkOf(3);
    if (workers > 0) chunk.setExtra('losses', 1, { workers, alone: 0 });
    expect(companyOf(chunk, [0])).toBe(Infinity);
    expect(companyOf(chunk, [0, 1])).toBe(company);
  });
});

describe('a chunk', () => {
  test('without losses has tasks that run beside any number of others, and only such', () => {
    const chunk = chunkOf(2);
    expect(hasSuspects(chunk)).toBe(false);
    expect(hasReadyUnsuspected(chunk)).toBe(true);
    expect(companyOfReadySuspects(chunk)).toBe(0);
    expect(tasksOfCompany(chunk, Infinity)).toBeNull();
  });

  test('of which every task has lost one worker has no suspects to look for', () => {
    const chunk = chunkOf(2);
    for (const index of [0, 1]) chunk.setExtra('losses', index, { workers: 1, alone: 0 });
    expect(hasSuspects(chunk)).toBe(false);
    expect(tasksOfCompany(chunk, Infinity)).toBeNull();
  });

  test('gives its suspects apart from the others, those that may have the largest company first', () => {
    const chunk = chunkOf(5);
    [0, 4, 2, 1, 2].forEach((workers, index) => chunk.setExtra('losses', index, { workers, alone: 0 }));
    expect(chunk.readyIndexes(5, 1_000, tasksOfCompany(chunk, Infinity))).toEqual([0, 3]);
    expect(companyOfReadySuspects(chunk)).toBe(16);
    expect(chunk.readyIndexes(5, 1_000, tasksOfCompany(chunk, 16))).toEqual([2, 4]);
    for (const index of [0, 2, 3, 4]) chunk.move(index, 'lease');
    expect(hasReadyUnsuspected(chunk)).toBe(false);
    expect(companyOfReadySuspects(chunk)).toBe(1);
  });
});
