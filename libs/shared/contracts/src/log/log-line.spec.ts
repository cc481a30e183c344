import { expect, test } from '@jest/globals';
import { linePrefix, logLevels, logStreams, parseLine, type StoredLogLine } from './log-line.js';

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
