import { describe, expect, test } from '@jest/globals';
import { mayBeUnderWay, underWayMax, underWayOf } from './under-way.js';

describe('jobs that may be under way', () => {
  const single = { total_tasks: 1 };

  test('are those that are listed as running, and single tasks that are listed as pending', () => {
    const running = { total_tasks: 3 };
    expect(mayBeUnderWay([running], [{ total_tasks: 2 }, single])).toEqual([running, single]);
  });

  test('are none whose type nobody runs', () => {
    expect(mayBeUnderWay([], [{ ...single, waiting_reason: 'NO_WORKER' as const }])).toEqual([]);
  });

  test('are few of either kind, each of which is asked for', () => {
    const many = Array.from({ length: 50 }, () => single);
    expect(mayBeUnderWay(many, many)).toHaveLength(2 * underWayMax);
  });
});

test('jobs are shown as under way while they run, the oldest first', () => {
  const at = (minute: number, status: 'running' | 'recovering' | 'pending') => ({
    status,
    created_at: `2026-11-28T10:0${minute}:00Z`,
  });
  expect(underWayOf([at(3, 'running'), at(1, 'pending'), at(2, 'recovering')])).toEqual([at(2, 'recovering'), at(3, 'running')]);
});
