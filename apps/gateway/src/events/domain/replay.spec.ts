import { expect, test } from '@jest/globals';
import { canReplay } from './replay.js';

test.each([
  [4, 5, 9, true, 'all that followed is there'],
  [9, 5, 9, true, 'nothing followed'],
  [3, 5, 9, false, 'the next event is gone'],
  [10, 5, 9, false, 'the stream ends before it: it was made again'],
  [0, 1, 0, true, 'the stream is empty'],
  [1, 1, 100_002, false, 'too much followed'],
])('after event %d of a stream from %d to %d: %p, since %s', (lastEventId, firstSequence, lastSequence, expected) => {
  expect(canReplay(lastEventId, { firstSequence, lastSequence })).toBe(expected);
});
