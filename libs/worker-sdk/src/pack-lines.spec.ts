import { expect, test } from '@jest/globals';
import { limits } from '@kintsugi/contracts';
import { hasLongLine, packLines, type PackedLines } from './pack-lines.js';

function packedOf(text: string): PackedLines[] {
  const all: PackedLines[] = [];
  let n = 0;
  packLines(
    text,
    () => `${(n += 1)}\t`,
    (packed) => all.push(packed),
  );
  return all;
}

test.each([
  ['of ASCII', 'one\ntwo\n\nthree'],
  ['of other characters', '日本語\n🎉 é\nplain'],
  ['none', ''],
  ['empty ones', '\n\n\n'],
  ['thousands', Array.from({ length: 9_000 }, (_, n) => `line ${n} ${'é'.repeat(n % 50)}`).join('\n')],
  ['as long as they may be', `${'日'.repeat(limits.logTextLength)}\n`.repeat(5)],
])('lines travel as they are, each behind its prefix: %s', (_, text) => {
  const all = packedOf(text);
  const lines = text.split('\n').map((line, n) => `${n + 1}\t${line}\n`);
  expect(Buffer.concat(all.map(({ bytes }) => bytes)).toString()).toBe(lines.join(''));
  for (const { bytes, lines: count, prefixes } of all) {
    const own = bytes.toString().split('\n').slice(0, -1);
    expect([own.length, own.reduce((sum, line) => sum + line.indexOf('\t') + 1, 0)]).toEqual([count, prefixes]);
  }
});

test('half of a character becomes the sign for that', () => {
  expect(packedOf('a\ud800b')[0]?.bytes.toString()).toBe('1\ta\ufffdb\n');
});

test('a line is long from one character beyond what one may have, wherever it stands', () => {
  const whole = 'x'.repeat(limits.logTextLength);
  for (const around of ['', 'a\n', `${whole}\n`, 'a\n'.repeat(20_000)]) {
    expect(hasLongLine(`${around}${whole}\n${around}`)).toBe(false);
    expect(hasLongLine(`${around}${whole}x\n${around}`)).toBe(true);
  }
});
