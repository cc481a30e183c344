import { expect, test } from '@jest/globals';
import { mergedAnswer } from './merged-answer.js';

const away = [{ host: 'b', reason: 'It is off.' }];

test('lists of hosts follow each other, pools by name, and counts are added up', () => {
  expect(mergedAnswer([{ items: [{ name: 'z' }] }, { items: [{ name: 'a' }] }], [])).toEqual({
    items: [{ name: 'a' }, { name: 'z' }],
  });
  expect(mergedAnswer([{ count: 1 }, { count: 2 }], [])).toEqual({ count: 3 });
});

test('a host whose part is missing is told, in a list and in a report of errors', () => {
  const none = { long_allocated_slots: [], corrupted_slots: [], orphaned_locks: ['slot_1'] };
  expect(mergedAnswer([none], away)).toEqual({ ...none, hosts_away: away });
  const report = {
    long_allocated_released: 0,
    corrupted_recovered: 2,
    corrupted_isolated: 1,
    orphaned_locks_cleaned: 0,
    errors: ['e'],
  };
  expect(mergedAnswer([report, report], away)).toEqual({
    ...{ long_allocated_released: 0, corrupted_recovered: 4, corrupted_isolated: 2, orphaned_locks_cleaned: 0 },
    errors: ['e', 'e', 'host b: It is off.'],
  });
});
