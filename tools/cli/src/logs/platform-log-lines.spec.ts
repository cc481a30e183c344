import { expect, test } from '@jest/globals';
import pc from 'picocolors';
import { platformLogLines } from './platform-log-lines.js';

const plain = pc.createColors(false);
const shown = (text: string): string => platformLogLines([{ process: 'gateway', text }], plain)[0] as string;

test('a line of a service says when, how grave, what, and the rest', () => {
  const entry = {
    level: 40,
    time: '2026-01-02T03:04:05.678Z',
    service: 'gateway',
    pid: 7,
    error: { message: 'gone' },
    lost: 3,
    msg: 'Lines lost',
  };
  expect(shown(JSON.stringify(entry))).toBe('gateway 03:04:05.678 warn Lines lost error=gone lost=3');
});

test.each([
  ['[1] 2026/01/02 server is ready', 'gateway [1] 2026/01/02 server is ready'],
  ['{broken', 'gateway {broken'],
  ['"text"', 'gateway "text"'],
  ['{"s":"I","c":"NETWORK"}', 'gateway {"s":"I","c":"NETWORK"}'],
  ['\u001b[2Jgone', 'gateway ␛[2Jgone'],
])('a line of another program is shown as it is, without power over the terminal: %j', (text, line) => {
  expect(shown(text)).toBe(line);
});
