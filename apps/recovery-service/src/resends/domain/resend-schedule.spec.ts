import { expect, test } from '@jest/globals';
import { nextResendAt } from './resend-schedule.js';

const now = Date.parse('2026-11-23T06:00:00.000Z');
const waitOf = (resends: number): number => (Date.parse(nextResendAt(resends, now, 30_000)) - now) / 1000;

test('a command goes out again with growing intervals, then hourly for as long as it is owed', () => {
  const waits = Array.from({ length: 9 }, (_, resends) => waitOf(resends));
  expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
  expect(waitOf(100_000)).toBe(3600);
});
