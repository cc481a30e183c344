import { expect, test } from '@jest/globals';
import { SlowReader, type OnceFrame } from './slow-reader.js';

const event = (sequence: number, length = 10): OnceFrame => ({
  ...{ sequence, id: `${sequence}-9`, topic: 'jobs' },
  frame: String(sequence).padEnd(length, '.'),
});

function all(reader: SlowReader): string[] {
  const frames: string[] = [];
  for (let next = reader.next(); next; next = reader.next()) frames.push(next.frame);
  return frames;
}

test('of what is told again and again the newest waits, behind what is told once', () => {
  const reader = new SlowReader();
  reader.keepNewest('fleet', 'old');
  reader.keepNewest('job:1', 'job');
  reader.keepNewest('fleet', 'new');
  reader.keepOnce(event(1));
  expect(all(reader)).toEqual([event(1).frame, 'new', 'job']);
  expect(reader.next()).toBeNull();
});

test('what there is no room for is dropped, and a gap says what', () => {
  const reader = new SlowReader();
  reader.keepOnce(event(1, 200_000));
  for (const sequence of [2, 3, 4]) reader.keepOnce(event(sequence, 100_000));
  reader.keepOnce(event(5));
  const [first, gap, ...rest] = all(reader);
  expect(first).toBe(event(1, 200_000).frame);
  expect(gap).toBe(
    'event: gap\nid: 5-9\ndata: {"reason":"slow","dropped":4,"from_id":"2-9","to_id":"5-9","topics":["jobs"]}\n\n',
  );
  expect(rest).toEqual([]);
  reader.keepOnce(event(6));
  expect(all(reader)).toEqual([event(6).frame]);
});
