import { describe, expect, test } from '@jest/globals';
import { TickTimes, jitterOf } from './tick-times.js';

function ticks(cron: string, time_zone: string, after: string, most: number): string[] {
  const times = TickTimes.of({ cron, every_s: null, time_zone }, 0).upcoming(Date.parse(after), most);
  return times.map((time) => new Date(time).toISOString().slice(0, 16));
}

describe('a cron line keeps the clock of its zone', () => {
  test.each<[string, string, string, string, string[]]>([
    [
      'at an hour that is skipped in Berlin, when the clocks go on',
      ...(['30 2 * * *', 'Europe/Berlin', '2026-03-28T00:00:00Z'] as const),
      ['2026-03-28T01:30', '2026-03-29T01:00', '2026-03-30T00:30'],
    ],
    [
      'at an hour that comes twice in Berlin, the first time only',
      ...(['30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z'] as const),
      ['2026-10-25T00:30', '2026-10-26T01:30'],
    ],
    [
      'each half hour in Berlin, also of the hour that comes twice',
      ...(['*/30 * * * *', 'Europe/Berlin', '2026-10-25T00:10:00Z'] as const),
      ['2026-10-25T00:30', '2026-10-25T01:00', '2026-10-25T01:30', '2026-10-25T02:00'],
    ],
    [
      'at an hour that comes twice in New York, the first time only',
      ...(['30 1 * * *', 'America/New_York', '2026-10-31T12:00:00Z'] as const),
      ['2026-11-01T05:30', '2026-11-02T06:30'],
    ],
    [
      'in Tokyo, which has one time all year',
      ...(['0 9 * * *', 'Asia/Tokyo', '2026-03-28T12:00:00Z'] as const),
      ['2026-03-29T00:00', '2026-03-30T00:00'],
    ],
    [
      'at half an hour that is skipped on Lord Howe',
      ...(['15 2 * * *', 'Australia/Lord_Howe', '2026-10-02T20:00:00Z'] as const),
      ['2026-10-03T15:30', '2026-10-04T15:15'],
    ],
    [
      'at half an hour that comes twice on Lord Howe, the first time only',
      ...(['45 1 * * *', 'Australia/Lord_Howe', '2026-04-04T00:00:00Z'] as const),
      ['2026-04-04T14:45', '2026-04-05T15:15'],
    ],
  ])('%s', (_, cron, zone, after, expected) => expect(ticks(cron, zone, after, expected.length)).toEqual(expected));

  test('and has no ticks where it names a day that never comes', () => {
    expect(ticks('0 0 30 2 *', 'UTC', '2026-01-01T00:00:00Z', 3)).toEqual([]);
  });
});

test('an interval counts from when the schedule was made', () => {
  const times = TickTimes.of({ cron: null, every_s: 60, time_zone: 'UTC' }, 5_000);
  expect(times.upcoming(5_000, 3)).toEqual([65_000, 125_000, 185_000]);
  expect(times.next(64_999)).toBe(65_000);
  expect(times.next(65_000)).toBe(125_000);
});

test.each([
  [{ cron: 'every day', every_s: null, time_zone: 'UTC' }, 'data.cron'],
  [{ cron: '61 * * * *', every_s: null, time_zone: 'UTC' }, 'data.cron'],
  [{ cron: '* * * * *', every_s: null, time_zone: 'Mars/Olympus' }, 'data.time_zone'],
])('%j is refused at %s', (rule, path) => {
  expect(() => TickTimes.of(rule, 0)).toThrow(
    expect.objectContaining({
      code: 'VALIDATION_FAILED',
      message: expect.stringMatching(new RegExp(`^${path}: FORMAT, got .*, allowed: `)),
      extras: { errors: [expect.objectContaining({ path })] },
    }),
  );
});

test('the jitter of a tick is the same whenever it is asked for, and within its bound', () => {
  const jitters = Array.from({ length: 200 }, (_, tick) => jitterOf('default/a', tick, 10));
  expect(jitters).toEqual(Array.from({ length: 200 }, (_, tick) => jitterOf('default/a', tick, 10)));
  expect(Math.max(...jitters)).toBeLessThan(10_000);
  expect(new Set(jitters).size).toBeGreaterThan(150);
  expect(jitterOf('default/a', 1, 0)).toBe(0);
});
