import { expect, test } from '@jest/globals';
import { eventIdOf, placeOfEventId } from './event-id.js';

test.each([
  ['7-1700000000000', { sequence: 7, takenMs: 1_700_000_000_000 }],
  ['7', { sequence: 7, takenMs: null }],
])('the id %s tells its place', (id, place) => {
  expect(placeOfEventId(id)).toEqual(place);
  expect(eventIdOf(place)).toBe(id);
});

test.each(['', 'x', '-1', '1-', '1-2-3', '1 ', '1234567890123456'])('%p is no id', (text) => {
  expect(placeOfEventId(text)).toBeNull();
});
