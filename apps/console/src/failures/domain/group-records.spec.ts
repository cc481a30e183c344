import { describe, expect, test } from '@jest/globals';
import { countOf, mayHave } from './group-records.js';

const by_status = { pending: 0, in_progress: 0, recovered: 0, failed: 7 };
const records = { count: 9, waiting: 7, outcome_unknown: 0, jobs: 2, by_status, of_newest: null };

describe('the records of a group', () => {
  test('are as they are counted', () => {
    expect([countOf({ records }, 'waiting'), countOf({ records }, 'outcome_unknown')]).toEqual(['7', '0']);
    expect([mayHave({ records }, 'waiting'), mayHave({ records }, 'outcome_unknown')]).toEqual([true, false]);
  });

  test('may be more, and such as none of the newest is, where only those are counted', () => {
    const newest = { records: { ...records, of_newest: 7 } };
    expect([countOf(newest, 'waiting'), countOf(newest, 'outcome_unknown')]).toEqual(['7+', '0+']);
    expect(mayHave(newest, 'outcome_unknown')).toBe(true);
  });
});
