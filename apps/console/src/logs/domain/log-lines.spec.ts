import { expect, test } from '@jest/globals';
import type { LogLine } from '@kintsugi/contracts';
import { keptLinesMax, lineKey, marked, noLines, withLines } from './log-lines.js';

const lines = (from: number, count: number): LogLine[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ at: '2026-03-01T12:00:00.000Z', task_id: 'task_x.0', attempt: 1, line: from + index },
    ...{ stream: 'stdout', level: 'info', text: `line ${from + index}` },
  }));

test('lines follow each other, and the cursor with them', () => {
  const known = withLines(withLines(noLines, lines(1, 2), 'a.1'), lines(3, 1), 'b.2');
  expect(known).toMatchObject({ cursor: 'b.2', dropped: 0, isOver: false });
  expect(known.lines.map(({ line }) => line)).toEqual([1, 2, 3]);
});

test('what comes a second time, with the cursor that is known, is not taken', () => {
  const known = withLines(noLines, lines(1, 2), 'a.1');
  expect(withLines(known, lines(1, 2), 'a.1')).toBe(known);
  expect(withLines(known, [], 'a.1', true)).toEqual({ ...known, isOver: true });
});

test('no more is kept than a page can hold, and how much has gone is told', () => {
  const known = withLines(withLines(noLines, lines(1, keptLinesMax), 'a.1'), lines(keptLinesMax + 1, 10), 'b.1');
  expect([known.lines.length, known.dropped, known.lines[0]?.line]).toEqual([keptLinesMax, 10, 11]);
});

test('a line is named by its task, its run and its number', () => {
  expect(lineKey({ task_id: 'task_x.0', attempt: 2, line: 7 })).toBe('task_x.0/2/7');
});

test('what was searched for is marked', () => {
  expect(marked('ab.ab', 'ab')).toEqual([
    { text: 'ab', isFound: true },
    { text: '.', isFound: false },
    { text: 'ab', isFound: true },
  ]);
  expect(marked('a.b', '')).toEqual([{ text: 'a.b', isFound: false }]);
  expect(marked('(x', '(')).toEqual([
    { text: '(', isFound: true },
    { text: 'x', isFound: false },
  ]);
});
