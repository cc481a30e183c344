import { expect, test } from '@jest/globals';
import { axisTimes } from './axis-times.js';

const at = Date.parse('2026-11-28T23:59:30Z') / 1_000;

test('a chart of some minutes tells the second and of which minute it is, a longer one the minute, and one of days the day', () => {
  expect(axisTimes([at, at + 30], 30, 'en', 'UTC')).toEqual(['23:59:30', '00:00:00']);
  expect(axisTimes([at + 30, at + 630], 600, 'en', 'UTC')).toEqual(['00:00', '00:10']);
  expect(axisTimes([at, at + 86_400], 86_400, 'en', 'UTC')).toEqual(['Nov 28', 'Nov 29']);
  expect(axisTimes([at], 86_400, 'ja', 'Asia/Tokyo')).toEqual(['11月29日']);
});

test('times that are hours apart tell at midnight which day begins', () => {
  const midnight = at + 30;
  expect(axisTimes([midnight - 43_200, midnight, midnight + 43_200], 43_200, 'en', 'UTC')).toEqual(['12:00', 'Nov 29', '12:00']);
  expect(axisTimes([midnight - 32_400], 3_600, 'ja', 'Asia/Tokyo')).toEqual(['11月29日']);
});
