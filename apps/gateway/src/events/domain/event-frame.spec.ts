import { expect, test } from '@jest/globals';
import { eventFrame } from './event-frame.js';

test('a frame has its fields on a line each and ends with an empty one', () => {
  expect(eventFrame({ event: 'job.started', id: '7', data: { a: 'two\nlines\u2028' } })).toBe(
    'event: job.started\nid: 7\ndata: {"a":"two\\nlines\u2028"}\n\n',
  );
  expect(eventFrame({ event: 'closing', data: {}, retryMs: 1000 })).toBe('event: closing\nretry: 1000\ndata: {}\n\n');
});
