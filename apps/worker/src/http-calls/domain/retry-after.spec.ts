import { expect, test } from '@jest/globals';
import { retryAfterMs } from './retry-after.js';

const now = Date.parse('2026-11-27T10:00:00Z');

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Fri, 27 Nov 2026 10:00:30 GMT', 30_000],
  ['Fri, 27 Nov 2026 09:00:00 GMT', 0],
  ['999999999', 604_800_000],
  ['soon', undefined],
  ['-5', undefined],
  [undefined, undefined],
])('%s is %s ms', (header, waitMs) => {
  expect(retryAfterMs(header, now)).toBe(waitMs);
});
