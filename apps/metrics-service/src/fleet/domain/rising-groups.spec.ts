import { expect, test } from '@jest/globals';
import type { FailureGroup } from '@kintsugi/contracts';
import { risingGroups } from './rising-groups.js';

const halfPast = 1_800_000;

const group = (id: string, perHour: number[], over: Partial<FailureGroup> = {}): FailureGroup =>
  ({
    ...{ id, tenant: 'default', error_type: 'smtp.451', title: 'try <*>', state: 'open', ...over },
    per_hour: [...Array.from({ length: 24 - perHour.length }, () => 0), ...perHour],
  }) as FailureGroup;

test('tells the groups that grow, the steepest first', () => {
  const steady = group('steady', [...Array.from({ length: 23 }, () => 100), 50]);
  const found = risingGroups([steady, group('new', [0, 9]), group('flood', [200, 300]), group('few', [0, 4])], halfPast);
  expect(found).toMatchObject([
    { group_id: 'flood', last_hour: 400, usual_hour: 0, state: 'open', title: 'try <*>' },
    { group_id: 'new', last_hour: 9 },
  ]);
});

test('counts of the hour before what belongs to the last sixty minutes', () => {
  expect(risingGroups([group('a', [20, 0])], halfPast)).toMatchObject([{ last_hour: 10 }]);
  expect(risingGroups([group('a', [20, 0])], halfPast * 1.9)).toEqual([]);
});

test('leaves out what people ignore', () => {
  expect(risingGroups([group('a', [0, 90], { state: 'ignored' })], 0)).toEqual([]);
});
