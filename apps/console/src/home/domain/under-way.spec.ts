import { describe, expect, test } from '@jest/globals';
import { mayBeUnderWay, pendingMax, underWayMax, underWayOf } from './under-way.js';

const begun = { status: 'running' as const, total_tasks: 1 };
const waits = { status: 'pending' as const, total_tasks: 1 };

type Listed = { status: 'running' | 'pending'; total_tasks: number };

function runningOf(items: Listed[], total = items.length, total_is_capped = false) {
  return { items, pagination: { total, total_is_capped } };
}

describe('jobs that may be under way', () => {
  test('are those that are listed as running, and those among the pending that have begun', () => {
    const found = mayBeUnderWay(runningOf([begun]), { items: [waits, begun] });
    expect(found).toEqual({ asked: [begun, begun], unasked: 0, isCapped: false, isWhole: true });
  });

  test('are none that wait', () => {
    expect(mayBeUnderWay(runningOf([]), { items: [waits] })).toMatchObject({ asked: [], isWhole: true });
  });

  test('are few of either kind, each of which is asked for', () => {
    const many = Array.from({ length: 50 }, () => begun);
    expect(mayBeUnderWay(runningOf(many), { items: many }).asked).toHaveLength(2 * underWayMax);
  });

  test.each([
    ['that have begun than are asked for', Array.from({ length: underWayMax + 1 }, () => begun)],
    ['pending ones than are listed', Array.from({ length: pendingMax }, () => waits)],
  ])('may be others where there are more %s', (_what, items) => {
    expect(mayBeUnderWay<Listed>(runningOf([]), { items }).isWhole).toBe(false);
  });

  test('are the oldest single ones where it is unknown which have begun, and others may be', () => {
    const unserved = { ...waits, waiting_reason: 'NO_WORKER' as const };
    const several = { ...waits, total_tasks: 3 };
    const items = [unserved, several, ...Array.from({ length: 9 }, () => waits)];
    const found = mayBeUnderWay(runningOf([]), { items, begun_unknown: true });
    expect(found).toEqual({ asked: items.slice(2, 2 + underWayMax), unasked: 0, isCapped: true, isWhole: false });
    expect(mayBeUnderWay(runningOf([]), { items: [unserved], begun_unknown: true }).isWhole).toBe(false);
  });

  test('that are not asked for are counted, those of one task too', () => {
    const running = runningOf([begun, begun], 12);
    const pending = { items: Array.from({ length: underWayMax + 3 }, () => begun) };
    expect(mayBeUnderWay(running, pending)).toMatchObject({ unasked: 10 + 3, isCapped: false });
    expect(mayBeUnderWay(runningOf([], 10_000, true), pending)).toMatchObject({ unasked: 10_003, isCapped: true });
    const full = { items: Array.from({ length: pendingMax }, () => begun) };
    expect(mayBeUnderWay(running, full)).toMatchObject({ unasked: 10 + pendingMax - underWayMax, isCapped: true });
  });
});

describe('jobs as they are now', () => {
  const at = (minute: number, status: 'running' | 'recovering' | 'pending' | 'completed') => ({
    status,
    created_at: `2026-11-28T10:0${minute}:00Z`,
  });

  test('are shown while they run, the oldest first', () => {
    const { jobs } = underWayOf([at(3, 'running'), at(1, 'pending'), at(2, 'recovering')], 0);
    expect(jobs).toEqual([at(2, 'recovering'), at(3, 'running')]);
  });

  test('are counted where they are not shown, unless they have ended', () => {
    const six = [1, 2, 3, 4, 5, 6].map((minute) => at(minute, 'running'));
    expect(underWayOf([...six, at(7, 'completed')], 4)).toEqual({ jobs: six.slice(0, underWayMax), others: 5 });
  });
});
