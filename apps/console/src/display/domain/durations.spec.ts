import { expect, test } from '@jest/globals';
import { relativeParts, shownDuration } from './durations.js';

test.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [1_500, '1.5 s'],
  [59_000, '59 s'],
  [60_000, '1 min'],
  [61_000, '1 min 1 s'],
  [3_600_000, '1 h'],
  [90_000_000, '1 d 1 h'],
])('%d ms are shown as %s', (ms, text) => expect(shownDuration(ms)).toBe(text));

test.each([
  [-1_500, { value: -1, unit: 'second' }],
  [-120_000, { value: -2, unit: 'minute' }],
  [7_200_000, { value: 2, unit: 'hour' }],
  [-200_000_000, { value: -2, unit: 'day' }],
])('%d ms away is %j', (ms, parts) => expect(relativeParts(ms)).toEqual(parts));
