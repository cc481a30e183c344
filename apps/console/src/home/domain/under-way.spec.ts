import { describe, expect, test } from '@jest/globals';
import { mayBeUnderWay, pendingMax, underWayMax, underWayOf } from './under-way.js';

describe('jobs that may be under way', () => {
  const single = { total_tasks: 1 };

  test('are those that are listed as running, and single tasks that are listed as pending', () => {
    const running = { total_tasks: 3 };
    expect(mayBeUnderWay([running], [{ total_tasks: 2 }, single])).toEqual({ jobs: [running, single], isWhole: true });
  });

  test('are none whose type nobody runs', () => {
    expect(mayBeUnderWay([], [{ ...single, waiting_reason: 'NO_WORKER' as const }])).toEqual({ jobs: [], isWhole: true });
  });

  test('are few of either kind, each of which is asked for', () => {
    const many = Array.from({ length: 50 }, () => single);
    expect(mayBeUnderWay(many, many).jobs).toHaveLength(2 * underWayMax);
  });

  test.each([
    ['single tasks than are asked for', Array.from({ length: underWayMax + 1 }, () => single)],
    ['pending jobs than are listed', Array.from({ length: pendingMax }, () => ({ total_tasks: 2 }))],
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
