import { describe, expect, test } from '@jest/globals';
import { KeptOutput } from './kept-output.js';

function kept(...chunks: (string | Buffer)[]): KeptOutput {
  const output = new KeptOutput();
  for (const chunk of chunks) output.push(Buffer.from(chunk));
  return output;
}

describe('what fits is kept whole', () => {
  test.each([
    ['nothing', [], ''],
    ['a text without an end of line', ['abc'], 'abc'],
    ['a character in two pieces', [Buffer.from([0xe6, 0x97]), Buffer.from([0xa5]), 'x'], '日x'],
    ['colours', ['\u001b[31mred\u001b[0m\r\n\t'], '\u001b[31mred\u001b[0m\r\n\t'],
    ['control characters, as signs', ['a\0b\u0007\u007f'], 'a␀b␇␡'],
    ['bytes that are no text', [Buffer.from([0xff, 0x41])], '\ufffdA'],
  ])('%s', (_, chunks, text) => {
    expect(kept(...chunks).textOf(10_000)).toEqual({ text, dropped: 0 });
  });

  test('up to the last byte that is kept', () => {
    const text = 'x'.repeat(16 * 1024);
    expect(kept(text.slice(0, 5_000), text.slice(5_000)).textOf(16 * 1024)).toEqual({ text, dropped: 0 });
  });
});

describe('of more, the beginning and the end are kept and the rest is counted', () => {
  const lines = Array.from({ length: 100_000 }, (_, number) => `line ${number}\n`).join('');

  test.each([1, 7, 1_000, 65_536, 10_000_000])('in pieces of %d bytes', (size) => {
    const output = new KeptOutput();
    const bytes = Buffer.from(size === 1 ? lines.slice(0, 50_000) : lines);
    for (let at = 0; at < bytes.length; at += size) output.push(bytes.subarray(at, at + size));
    const { text, dropped } = output.textOf(8_000);
    const [head = '', tail = ''] = text.split(`\n… ${dropped} bytes left out …\n`);
    expect(bytes.toString().startsWith(head)).toBe(true);
    expect(bytes.toString().endsWith(tail)).toBe(true);
    expect([head.length, tail.length, output.bytes]).toEqual([2_000, 6_000, bytes.length]);
    expect(head.length + dropped + tail.length).toBe(output.bytes);
  });

  test('no character is cut in half', () => {
    const { text, dropped } = kept('日本'.repeat(10_000)).textOf(1_000);
    expect(text).not.toContain('\ufffd');
    expect(Buffer.byteLength(text.replace(/\n… \d+ bytes left out …\n/, '')) + dropped).toBe(60_000);
  });
});
