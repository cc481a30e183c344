import { expect, test } from '@jest/globals';
import { announcedHours, hourMs, hourOf, laidAfterMs } from './failure-hours.js';

const now = Date.parse('2026-11-23T12:00:00.000Z');
const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();

test('a change in recent hours is announced to nobody, and one of many records of the past once for each hour', () => {
  expect(announcedHours([ago(0), ago(30), ago(60)], now)).toEqual([]);
  expect(announcedHours([ago(181), ago(190), ago(1), ago(500)], now)).toEqual([
    hourOf(now - 181 * 60_000),
    hourOf(now - 500 * 60_000),
  ]);
});

test('each hour that may be laid down is announced, also by a clock that is some minutes behind', () => {
  for (let minute = 0; minute < 60; minute += 1) {
    const [at, behind] = [now + minute * 60_000, now + (minute - 29) * 60_000];
    const lastLaid = hourOf(at - laidAfterMs) - hourMs;
    expect(announcedHours([new Date(lastLaid).toISOString()], behind)).toEqual([lastLaid]);
  }
});
