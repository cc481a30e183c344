import { expect, test } from '@jest/globals';
import type { LogLine } from '@kintsugi/contracts';
import pc from 'picocolors';
import { logLines } from './log-lines.js';

const line: LogLine = {
  at: '2026-01-02T03:04:05.678Z',
  task_id: 'task_01890a5d-ac96-774b-bcce-b302099a8057.3.7',
  attempt: 2,
  line: 1,
  stream: 'stdout',
  level: 'info',
  text: 'hello',
};
const plain = pc.createColors(false);

test('a line says when, which task and which attempt', () => {
  expect(logLines([line], plain)).toEqual(['03:04:05.678 3.7#2 hello']);
});

test.each([
  ['\u001b[2Jgone', '␛[2Jgone'],
  ['\u001b]0;title\u0007', '␛]0;title␇'],
  ['10%\r20%\r', '10%␍20%'],
  ['\u001b[31mred', '\u001b[31mred\u001b[0m'],
  ['\u0000\u0008', '␀␈'],
])('%j steers no terminal', (text, shown) => {
  expect(logLines([{ ...line, text }], plain)[0]).toBe(`03:04:05.678 3.7#2 ${shown}`);
});
