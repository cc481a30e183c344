import { expect, test } from '@jest/globals';
import {
  groupHead,
  linePrefix,
  logLevels,
  logStreams,
  parseGroupHead,
  parseLine,
  type LineGroup,
  type StoredLogLine,
} from './log-line.js';

test.each(logStreams.flatMap((stream) => logLevels.map((level) => [stream, level] as const)))(
  'a line of %s at %s comes out as it was put in',
  (stream, level) => {
    for (const partial of [true, false]) {
      const line: StoredLogLine = { offsetMs: 86_400_000, number: 1_000_000, stream, level, partial, text: 'a\tb 日本' };
      expect(parseLine(linePrefix(line) + line.text)).toEqual(line);
    }
  },
);

test.each(['', 'text', '\t\t\t\t', '1\t1\tox.\ttext', '1\t1\toi.text', `${'z'.repeat(20)}\t1\toi.\ttext`])(
  '%j is no line',
  (text) => expect(parseLine(text)).toBeNull(),
);

test('the head of a group comes out as it was put in, and is no line', () => {
  const group: LineGroup = { offsetMs: 86_400_000, number: 1_000_000, stream: 'stderr', level: 'warn', lines: 1_234 };
  const head = groupHead(group);
  expect(head.endsWith('\n')).toBe(true);
  expect(parseGroupHead(head.slice(0, -1))).toEqual(group);
  expect(parseLine(head.slice(0, -1))).toBeNull();
  expect(parseGroupHead('1\t1\toi.\ttext')).toBeNull();
});
