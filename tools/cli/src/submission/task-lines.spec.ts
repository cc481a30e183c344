import { describe, expect, it } from '@jest/globals';
import { taskLines } from './task-lines.js';

async function linesOf(chunks: Uint8Array[], firstLine = 1): Promise<string[]> {
  const lines: string[] = [];
  for await (const text of taskLines(each(chunks), firstLine)) lines.push(text);
  return lines;
}

async function* each(chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

describe('task lines', () => {
  it('come in pieces that end with a line, wherever the bytes were cut', async () => {
    const bytes = Buffer.from('{"id":"日本"}\n{"id":"b"}\n{"id":"c"}');
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const lines = await linesOf([bytes.subarray(0, cut), bytes.subarray(cut)]);
      expect(lines.join('')).toBe(bytes.toString());
      expect(lines.slice(0, -1).every((text) => text.endsWith('\n'))).toBe(true);
    }
  });

  it('that are no UTF-8 are told with their line', async () => {
    const bad = Buffer.concat([Buffer.from('{"id":"b"}\n{"id":"'), Buffer.from([0xff]), Buffer.from('"}\n')]);
    await expect(linesOf([Buffer.from('{"id":"a"}\n'), bad], 5)).rejects.toThrow('line 7');
  });

  it('may be none', async () => {
    expect(await linesOf([])).toEqual([]);
  });
});
