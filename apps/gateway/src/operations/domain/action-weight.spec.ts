import { expect, test } from '@jest/globals';
import { weightOf } from './action-weight.js';
import { actionsOf } from './operation-request.js';

const all = (['/job-operations', '/error-operations', '/pool-operations'] as const).flatMap(actionsOf);

test('what reads much counts as much, whichever way it is asked for', () => {
  expect(weightOf('analyzeErrors')).toBe(50);
  const wide = all.filter((action) => weightOf(action) === 5);
  expect(wide).toEqual(
    expect.arrayContaining(['getJobInfo', 'fetchJobHistory', 'getJobMetrics', 'getFleet', 'listPools', 'detectCorruptedSlots']),
  );
  expect(all.filter((action) => action.startsWith('list') && weightOf(action) === 1)).toEqual([]);
  expect([weightOf('createJob'), weightOf('cancelJob'), weightOf('heartbeatSlot')]).toEqual([1, 1, 1]);
});
