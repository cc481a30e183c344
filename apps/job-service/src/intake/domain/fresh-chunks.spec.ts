import { expect, test } from '@jest/globals';
import { limits } from '@kintsugi/contracts';
import { chunkedLines } from './fresh-chunks.js';

test.each(['x', '漢', '😀'])(
  'a chunk of inline tasks holds as many bytes as it may, and not as many characters: %s',
  (letter) => {
    const lines = Array.from({ length: 600 }, (_, index) => JSON.stringify({ id: String(index), payload: letter.repeat(1_500) }));
    const groups = chunkedLines(lines);
    expect(groups.flat()).toEqual(lines);
    for (const group of groups) {
      expect(Buffer.byteLength(group.join('\n'))).toBeLessThanOrEqual(limits.chunkBytes);
      expect(group.length).toBeLessThanOrEqual(limits.tasksPerChunk);
    }
  },
);

test('the largest task has a chunk to itself if need be', () => {
  const largest = 'x'.repeat(limits.taskBytes);
  expect(chunkedLines([largest, largest, '{}']).map(({ length }) => length)).toEqual([1, 2]);
});
