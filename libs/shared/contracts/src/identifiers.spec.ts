import { describe, expect, test } from '@jest/globals';
import {
  bundledJobId,
  chunkIdOf,
  errorRecordIdOf,
  isWorkerId,
  jobIdOf,
  placeOfBundledJob,
  placeOfTask,
  taskIdOf,
  taskIdOfErrorRecord,
} from './identifiers.js';

const uuid = '01890a5d-ac96-774b-bcce-b302099a8057';

describe('ids carry the place of what they name', () => {
  test('a task id leads back to its chunk and index', () => {
    const chunkId = chunkIdOf(jobIdOf(uuid), 17);
    expect(placeOfTask(taskIdOf(chunkId, 3))).toEqual({ chunkId: `${uuid}.17`, index: 3 });
  });

  test('a bundled job id leads to its bundle; an owner of chunks has no such place', () => {
    expect(placeOfBundledJob(bundledJobId(`${uuid}.0`, 12))).toEqual({ chunkId: `${uuid}.0`, index: 12 });
    expect(placeOfBundledJob(jobIdOf(uuid))).toBeNull();
  });

  test('an error record id and its task id lead to each other', () => {
    const taskId = taskIdOf(chunkIdOf(jobIdOf(uuid), 'plan'), 0);
    expect(taskIdOfErrorRecord(errorRecordIdOf(taskId))).toBe(taskId);
  });
});

test.each(['a b', 'a\tb', 'a\r\nPUB x 0', 'a.b', '*', '>', 'ä', '', 'a'.repeat(129)])(
  'no worker can be called %j, which no subject can hold',
  (name) => {
    expect(isWorkerId(name)).toBe(false);
  },
);

test.each(['a', 'worker-1_B', 'a'.repeat(128)])('a worker can be called %j', (name) => {
  expect(isWorkerId(name)).toBe(true);
});
