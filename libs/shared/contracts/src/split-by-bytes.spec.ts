import { describe, expect, test } from '@jest/globals';
import { limits } from './limits.js';
import { messageTextBytes, splitByBytes } from './split-by-bytes.js';

const encode = (tasks: readonly unknown[]): string => JSON.stringify({ tasks });

describe('a list that has to travel in messages', () => {
  test('goes in one while it fits', () => {
    expect(splitByBytes([1, 2, 3], encode)).toEqual([{ from: 0, to: 3, text: '{"tasks":[1,2,3]}' }]);
    expect(splitByBytes([], encode)).toEqual([{ from: 0, to: 0, text: '{"tasks":[]}' }]);
  });

  test('goes in several that each fit, in order and without a gap, counted in bytes and not in characters', () => {
    const entries = Array.from({ length: 301 }, (_, index) => `${index} ${'\u6f22'.repeat(1_500)}`);
    const parts = splitByBytes(entries, encode);
    for (const { text } of parts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(messageTextBytes);
    expect(parts.flatMap(({ text }) => (JSON.parse(text) as { tasks: string[] }).tasks)).toEqual(entries);
    expect(parts.flatMap(({ from, to }) => entries.slice(from, to))).toEqual(entries);
    expect(splitByBytes(entries, encode)).toEqual(parts);
  });

  test('gives an entry by itself that is larger than a message', () => {
    const parts = splitByBytes(['a', 'b'.repeat(limits.messageBytes), 'c'], encode);
    expect(parts.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });
});
