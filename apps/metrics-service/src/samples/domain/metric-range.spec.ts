import { describe, expect, test } from '@jest/globals';
import { intervalText, metricRangeOf, type AskedRange } from './metric-range.js';

const second = 1_000;
const hour = 3_600 * second;
const day = 24 * hour;
const now = Math.floor(Date.UTC(2026, 10, 27, 12) / day) * day;
const keptMs = { sample: 7 * day, minute: 30 * day, hour: 400 * day };

const rangeOf = (asked: Partial<AskedRange>) =>
  metricRangeOf({ start: now - hour, end: now, intervalMs: null, now, keptMs, ...asked });

describe('the buckets for a time', () => {
  test.each([
    ['a minute', 60 * second, 10 * second, 'sample'],
    ['an hour', hour, 30 * second, 'sample'],
    ['a day', day, 900 * second, 'minute'],
    ['a week', 7 * day, hour, 'hour'],
    ['a year', 365 * day, 7 * day, 'hour'],
  ])('of %s suit it', (_, length, intervalMs, resolution) => {
    expect(rangeOf({ start: now - length })).toMatchObject({ intervalMs, resolution, isWidened: false });
  });

  test('are aligned and hold the whole time', () => {
    expect(rangeOf({ start: now - 65_001, end: now - 5_000, intervalMs: 10_000 })).toMatchObject({
      start: now - 70_000,
      count: 7,
    });
  });

  test('are wider than was asked for where so fine is not kept, or would be too much', () => {
    expect(rangeOf({ start: now - 10 * day, end: now - 10 * day + hour, intervalMs: 10_000 })).toMatchObject({
      ...{ intervalMs: 60_000, resolution: 'minute', isWidened: true },
    });
    expect(rangeOf({ start: now - 40 * day, end: now - 40 * day + hour, intervalMs: 10_000 })).toMatchObject({
      ...{ intervalMs: hour, resolution: 'hour', isWidened: true },
    });
    const year = rangeOf({ start: now - 365 * day, intervalMs: hour });
    expect(year).toMatchObject({ isWidened: true, resolution: 'hour' });
    expect(year.count).toBeLessThanOrEqual(1_000);
  });
});

test.each([
  [10_000, '10s'],
  [90_000, '90s'],
  [900_000, '15m'],
  [hour, '1h'],
  [7 * day, '7d'],
])('%d ms are %s', (ms, text) => {
  expect(intervalText(ms)).toBe(text);
});
