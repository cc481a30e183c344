import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LineSplitter, type Line } from './line-splitter.js';

function linesOf(pieces: Buffer[], lineBytesMax?: number): Line[] {
  const lines: Line[] = [];
  const splitter = new LineSplitter((line) => lines.push(line), lineBytesMax);
  for (const piece of pieces) splitter.push(piece);
  splitter.end();
  return lines;
}

const textsOf = (text: string) => linesOf([Buffer.from(text)]).map((line) => line.text);

describe('bytes become lines', () => {
  test('with either line end, the last one with none', () => {
    expect(textsOf('a\nb\r\nc')).toEqual(['a', 'b', 'c']);
    expect(textsOf('a\n')).toEqual(['a']);
    expect(textsOf('')).toEqual([]);
  });

  test('blank lines are left out but counted', () => {
    expect(linesOf([Buffer.from('\n \t\r\na\n\nb')])).toEqual([
      { text: 'a', bytes: 1, number: 3 },
      { text: 'b', bytes: 1, number: 5 },
    ]);
  });

  test('a byte order mark is dropped at the very start only', () => {
    expect(textsOf('\ufeffa\n\ufeffb')).toEqual(['a', '\ufeffb']);
  });

  test('wherever the bytes are cut', () => {
    const anyLine = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replace(/[\r\n\s\ufeff]/gu, '_'));
    fc.assert(
      fc.property(
        fc.array(anyLine, { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (texts, sizes) => {
          const bytes = Buffer.from(texts.map((text) => text.toWellFormed()).join('\n'));
          const pieces: Buffer[] = [];
          for (let at = 0, turn = 0; at < bytes.length; at += sizes[turn++ % sizes.length] as number) {
            pieces.push(bytes.subarray(at, at + (sizes[turn % sizes.length] as number)));
          }
          const whole = linesOf([bytes]);
          expect(whole.map((line) => line.text)).toEqual(texts.map((text) => text.toWellFormed()).filter((text) => text !== ''));
          expect(whole.map((line) => line.bytes)).toEqual(whole.map((line) => Buffer.byteLength(line.text)));
        },
      ),
    );
  });

  test('a cut changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(), (text, cut) => {
        const bytes = Buffer.from(text.toWellFormed());
        const at = bytes.length === 0 ? 0 : cut % bytes.length;
        expect(linesOf([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(linesOf([bytes]));
      }),
    );
  });
});

describe('a line that cannot be used is named', () => {
  test('when it is not UTF-8, and only after the lines before it were handed on', () => {
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => lines.push(line.text));
    const bytes = Buffer.concat([Buffer.from('a\nb\n'), Buffer.from([0xc3, 0x28, 0x0a]), Buffer.from('c\n')]);
    expect(() => splitter.push(bytes)).toThrow(
      expect.objectContaining({ code: 'ENCODING_INVALID', message: expect.stringContaining('line 3') }),
    );
    expect(lines).toEqual(['a', 'b']);
  });

  test('when a sequence is cut off by the end', () => {
    expect(() => linesOf([Buffer.from([0x61, 0x0a, 0xe2, 0x82])])).toThrow('line 2 is not valid UTF-8');
  });

  test('when it is too long, before its end has been seen', () => {
    const splitter = new LineSplitter(() => undefined, 10);
    splitter.push(Buffer.from('1234567890\r'));
    expect(() => splitter.push(Buffer.from('12'))).toThrow('line 1 is longer than 10 bytes');
  });

  test('the longest line passes with each line end; bytes count, not characters', () => {
    expect(linesOf([Buffer.from('1234567890\r\n1234567890\n')], 10)).toHaveLength(2);
    expect(() => linesOf([Buffer.from('ééééé1\n')], 10)).toThrow('line 1 is longer than 10 bytes');
  });
});
