import { describe, expect, test } from '@jest/globals';
import { byUrgency, trendOf } from './group-trend.js';

const now = Date.parse('2026-03-01T12:30:00.000Z');
const hoursAgo = (hours: number) => new Date(now - hours * 3_600_000).toISOString();
const day = (last: number[], usual = 0) => [...Array.from({ length: 24 - last.length }, () => usual), ...last];
const group = (fields: object = {}) =>
  ({ state: 'open', per_hour: day([0]), regressed_at: null, first_seen: hoursAgo(100), count: 1, ...fields }) as Parameters<
    typeof byUrgency
  >[0][number];

describe('a group of failures', () => {
  test.each([
    ['quiet', {}],
    ['steady', { per_hour: day([1, 2], 2) }],
    ['rising', { per_hour: day([20, 30], 2) }],
    ['steady', { per_hour: day([2, 2], 0) }],
    ['new', { per_hour: day([3]), first_seen: hoursAgo(0.5) }],
    ['regressed', { regressed_at: hoursAgo(3), per_hour: day([1]) }],
    ['steady', { regressed_at: hoursAgo(30), per_hour: day([1], 1) }],
  ])('is %s with %j', (trend, fields) => expect(trendOf(group(fields), now)).toBe(trend));
});

test('what has come back stands first, then what rises, the larger before the smaller', () => {
  const [quiet, small, large] = [
    group(),
    group({ per_hour: day([9, 9]), count: 18 }),
    group({ per_hour: day([90, 90]), count: 180 }),
  ];
  const back = group({ regressed_at: hoursAgo(1) });
  expect(byUrgency([quiet, small, back, large], now)).toEqual([back, large, small, quiet]);
});
