import { expect, test } from '@jest/globals';
import { RecordsSeen } from './records-seen.js';

const start = Date.parse('2026-11-23T06:00:00.000Z');
const record = (id: string, seconds: number) => ({ id, timestamp: new Date(start + seconds * 1_000).toISOString() });

test('shows each record once, the oldest first, and one that has failed anew once more', () => {
  const seen = new RecordsSeen(start);
  expect(seen.take([record('b', 2), record('a', 1)]).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(seen.take([record('c', 3), record('b', 2), record('a', 1)]).map(({ id }) => id)).toEqual(['c']);
  expect(seen.take([record('a', 4), record('c', 3)])).toEqual([record('a', 4)]);
});

test('shows what is recorded late, and looks back for it no further than it has to', () => {
  const seen = new RecordsSeen(start);
  expect(seen.from).toBe(start);
  seen.take([record('a', 60)]);
  expect(seen.from).toBe(start + 30_000);
  expect(seen.take([record('a', 60), record('late', 45)])).toEqual([record('late', 45)]);
  seen.take([record('b', 300)]);
  expect(seen.take([record('b', 300)])).toEqual([]);
});

test('looks back ten minutes from a look that has found all, where nothing comes', () => {
  const seen = new RecordsSeen(start);
  seen.noteWhole(start + 300_000);
  expect(seen.from).toBe(start);
  seen.noteWhole(start + 3_600_000);
  expect(seen.from).toBe(start + 3_000_000);
});
