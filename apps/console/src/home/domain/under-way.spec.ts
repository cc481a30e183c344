import { describe, expect, test } from '@jest/globals';
import { mayBeUnderWay, othersOf, pendingMax, underWayMax, underWayOf } from './under-way.js';

describe('jobs that may be under way', () => {
  const begun = { status: 'running' as const };
  const waits = { status: 'pending' as const };

  test('are those that are listed as running, and those among the pending that have begun', () => {
    expect(mayBeUnderWay([begun], [waits, begun])).toEqual({ jobs: [begun, begun], isWhole: true });
  });

  test('are none that wait', () => {
    expect(mayBeUnderWay([], [waits])).toEqual({ jobs: [], isWhole: true });
  });

  test('are few of either kind, each of which is asked for', () => {
    const many = Array.from({ length: 50 }, () => begun);
    expect(mayBeUnderWay(many, many).jobs).toHaveLength(2 * underWayMax);
  });

  test.each<[string, { status: 'running' | 'pending' }[]]>([
    ['that have begun than are asked for', Array.from({ length: underWayMax + 1 }, () => begun)],
    ['pending ones than are listed', Array.from({ length: pendingMax }, () => waits)],
  ])('may be others where there are more %s', (_what, pending) => {
    expect(mayBeUnderWay([], pending).isWhole).toBe(false);
  });
});

test('jobs are shown as under way while they run, the oldest first', () => {
  const at = (minute: number, status: 'running' | 'recovering' | 'pending') => ({
    status,
    created_at: `2026-11-28T10:0${minute}:00Z`,
  });
  expect(underWayOf([at(3, 'running'), at(1, 'pending'), at(2, 'recovering')])).toEqual([at(2, 'recovering'), at(3, 'running')]);
});

test('jobs that are not shown are counted, and never fewer than none', () => {
  expect(othersOf({ total: 7, total_is_capped: false }, 5)).toEqual({ count: 2, isCapped: false });
  expect(othersOf({ total: 10_000, total_is_capped: true }, 5)).toEqual({ count: 9_995, isCapped: true });
  expect(othersOf({ total: 1, total_is_capped: false }, 5).count).toBe(0);
});
