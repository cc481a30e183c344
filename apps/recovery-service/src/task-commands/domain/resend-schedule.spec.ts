import { expect, test } from '@jest/globals';
import { nextResendAt } from './resend-schedule.js';

test('a command goes out again with growing intervals, and not for ever', () => {
  const now = Date.parse('2026-11-23T06:00:00.000Z');
  const waits: number[] = [];
  for (let resends = 0; ; resends += 1) {
    const at = nextResendAt(resends, now, 30_000);
    if (at === null) break;
    waits.push((Date.parse(at) - now) / 1000);
  }
  expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1920]);
});
