import { expect, test } from '@jest/globals';
import { wantedRange } from './byte-range.js';

test.each([
  [undefined, null],
  ['', null],
  ['bytes=-', null],
  ['lines=1-2', null],
  ['bytes=0-1,4-5', null],
  ['bytes=5-2', null],
  ['bytes=0-0', { start: 0, end: 0 }],
  ['bytes=2-4', { start: 2, end: 4 }],
  ['bytes=2-', { start: 2, end: 9 }],
  ['bytes=2-400', { start: 2, end: 9 }],
  ['bytes=-3', { start: 7, end: 9 }],
  ['bytes=-30', { start: 0, end: 9 }],
  ['bytes=-0', 'none'],
  ['bytes=10-', 'none'],
])('of ten bytes, %j is %j', (header, range) => {
  expect(wantedRange(header, 10)).toEqual(range);
});

test('of nothing there is no range', () => {
  expect(wantedRange('bytes=0-', 0)).toBe('none');
});
