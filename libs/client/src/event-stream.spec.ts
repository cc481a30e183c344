import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EventStreamReader } from './event-stream.js';

const read = (...pieces: string[]) => {
  const reader = new EventStreamReader();
  return pieces.flatMap((piece) => reader.push(piece));
};

describe('server-sent events', () => {
  test('have a name, an id and data', () => {
    expect(read('event: job.started\nid: 7\ndata: {"a":1}\n\n')).toEqual([{ event: 'job.started', id: '7', data: '{"a":1}' }]);
  });

  test('keep the id of the one before, join their data lines, and are called message without a name', () => {
    expect(read('id: 7\ndata: a\n\ndata: b\ndata:c\n\n')).toEqual([
      { event: 'message', id: '7', data: 'a' },
      { event: 'message', id: '7', data: 'b\nc' },
    ]);
  });

  test('leave out comments, unknown fields and what has no data', () => {
    expect(read(': still here\n\nevent: lost\n\nfoo: bar\ndata: x\n\n')).toEqual([{ event: 'message', id: '', data: 'x' }]);
  });

  test('may ask how long to wait', () => {
    const reader = new EventStreamReader();
    reader.push('retry: 1500\n\nretry: soon\n\n');
    expect(reader.retryMs).toBe(1_500);
  });

  test('end with an empty line, and not with the stream', () => {
    expect(read('data: half\n')).toEqual([]);
  });

  test('are the same with each line end and however they are cut', () => {
    const text = 'event: a\nid: 1\ndata: x\n\n: c\ndata: y\ndata: z\n\nevent: b\nid: 2\ndata: \u00e9\n\n';
    const whole = read(text);
    fc.assert(
      fc.property(fc.constantFrom('\n', '\r\n', '\r'), fc.array(fc.nat(200), { maxLength: 8 }), (lineEnd, cuts) => {
        const other = text.replaceAll('\n', lineEnd);
        const places = [...cuts.map((cut) => cut % other.length), other.length].sort((left, right) => left - right);
        const pieces = places.map((place, index) => other.slice(places[index - 1] ?? 0, place));
        // A lone carriage return at the very end stays ambiguous until more comes.
        expect(read(...pieces, lineEnd === '\r' ? ':\r' : '')).toEqual(whole);
      }),
    );
  });
});
