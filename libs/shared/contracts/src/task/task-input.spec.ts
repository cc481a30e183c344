import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { limits } from '../limits.js';
import { faultsOfTask, taskInputSchema } from './task-input.js';

const ids = fc.oneof(
  fc.string({ maxLength: 4 }),
  fc.string({ minLength: limits.idLength - 1, maxLength: limits.idLength + 1 }),
  fc.jsonValue(),
);
const tasks = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record(
      { id: ids, payload: fc.jsonValue(), depends_on: fc.oneof(fc.array(ids, { maxLength: 3 }), fc.jsonValue()) },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: fc.record({ payload: fc.jsonValue(), other: fc.jsonValue() }, { requiredKeys: [] }) },
  { weight: 1, arbitrary: fc.jsonValue() },
);

describe('a task of a bulk submission', () => {
  test('is held to the same contract by hand as by its schema', () => {
    fc.assert(
      fc.property(tasks, (given) => {
        const task: unknown = JSON.parse(JSON.stringify(given));
        expect(faultsOfTask(task, 'line 2').length === 0).toBe(taskInputSchema.safeParse(task).success);
      }),
      { numRuns: 1_000 },
    );
  });

  test('with a million unknown fields names the first of them', () => {
    const task = Object.fromEntries(Array.from({ length: 1_000_000 }, (_, index) => [`field${index}`, 1]));
    expect(faultsOfTask(task, 'line 2')).toHaveLength(limits.problemErrors);
  });
});
