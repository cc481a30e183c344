import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { linesOf } from './lines-of.js';

async function linesIn(chunks: readonly string[], lengthMax = 1_000): Promise<string[]> {
  return listOf(linesOf(inParts(chunks.map((chunk) => Buffer.from(chunk))), lengthMax));
}

async function listOf(lines: AsyncIterable<string>): Promise<string[]> {
  const list: string[] = [];
  for await (const line of lines) list.push(line);
  return list;
}

async function* inParts(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

describe('the lines of a stream', () => {
  test.each([
    [['one\ntwo\n'], ['one', 'two']],
    [['one\r\ntwo'], ['one', 'two']],
    [
      ['o', 'ne\n\n', '\ntwo'],
      ['one', '', '', 'two'],
    ],
    [['\n'], ['']],
    [[], []],
    [['one', '', '\n', ''], ['one']],
  ])('%j has %j', async (chunks, lines) => {
    expect(await linesIn(chunks)).toEqual(lines);
  });

  test('are the same wherever it is cut, even within a character', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('ü', '💥', 'x', '\n', '\r\n')), fc.nat(40), async (parts, at) => {
        const text = parts.join('');
        const bytes = Buffer.from(text);
        const lines = await listOf(linesOf(inParts([bytes.subarray(0, at), bytes.subarray(at)]), 1_000));
        const whole = text.split(/\r?\n/);
        expect(lines).toEqual(whole.at(-1) === '' ? whole.slice(0, -1) : whole);
      }),
    );
  });

  test('are held to so many characters, however long they are', async () => {
    expect(await linesIn(['x'.repeat(50), 'x'.repeat(50), '\nshort'], 10)).toEqual(['x'.repeat(10), 'short']);
  });
});
