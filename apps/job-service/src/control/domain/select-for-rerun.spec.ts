import { describe, expect, test } from '@jest/globals';
import { ProblemError } from '@kintsugi/contracts';
import type { RerunTask } from './rerun-task.js';
import { requireSeen, seeing } from './select-for-rerun.js';

const tasks = [
  { id: 'task_1', key: 'first' },
  { id: 'task_2', key: null },
] as RerunTask[];

/** The faults of ids that are given, where those tasks are all that the job has. */
function faultsOf(ids: string[]): unknown {
  const unseen = new Set(ids);
  const selects = seeing(unseen, ({ id }) => id === 'task_1');
  expect(tasks.map(selects)).toEqual([true, false]);
  try {
    requireSeen(unseen, ids);
    return [];
  } catch (error) {
    return error instanceof ProblemError ? [error.code, error.extras.errors] : error;
  }
}

describe('an id of a task that is to be run again', () => {
  test.each([[[]], [['task_1', 'task_2']], [['first', 'first']]])('is known, as in %j', (ids) => {
    expect(faultsOf(ids)).toEqual([]);
  });

  test('that no task has is refused, and not passed over in silence', () => {
    const allowed = 'the id of a task of the job, or your own id of one';
    expect(faultsOf(['first', '二', 'task_3'])).toEqual([
      'VALIDATION_FAILED',
      [
        { path: 'data.task_ids[1]', rule: 'UNKNOWN', got: '"二"', allowed },
        { path: 'data.task_ids[2]', rule: 'UNKNOWN', got: '"task_3"', allowed },
      ],
    ]);
  });
});
