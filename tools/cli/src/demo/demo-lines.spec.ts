import { expect, test } from '@jest/globals';
import pc from 'picocolors';
import { firstEndLines } from './demo-lines.js';

const screen = { paint: pc.createColors(false), columns: 80 };
const end = {
  tasks: 2_000,
  first_try_share: 0.8285,
  retries: 303,
  recovered_by_retry: 240,
  dead: 31,
  groups: [{ title: 'Mailbox full: <email> '.repeat(4), error_type: 'smtp.552', count: 31 }],
  p50_ms: 2_200,
  p99_ms: 11_500,
};

test('how the job ended stands in columns, counts under counts and shares under shares, within the screen', () => {
  const lines = firstEndLines(end, 1_897, 16_800, screen);
  expect(lines.map((line) => line.slice(0, 45).trimEnd())).toEqual([
    'By itself, in 16.8 s',
    '  Tasks                     2,000',
    '  Delivered                 1,897   94.8 %',
    '  At the first try          1,657   82.8 %',
    '  Retries                     303',
    '  Recovered by retry          240',
    '  Submit to done            2.2 s   half of t',
    '  Waiting for a person         31   in 1 grou',
    '                               31   smtp.552:',
  ]);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});
