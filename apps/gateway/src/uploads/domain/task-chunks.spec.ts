import { describe, expect, test } from '@jest/globals';
import { limits } from '@kintsugi/contracts';
import { TaskChunks } from './task-chunks.js';

/** The chunks as they travel. */
function chunksOf(lines: string[]) {
  const chunks = new TaskChunks<string>();
  const closed = lines.map((line) => chunks.add(line, Buffer.byteLength(line)));
  return [...closed, chunks.flush()]
    .filter((chunk) => chunk !== null)
    .map((chunk) => ({ sequence: chunk.sequence, tasks: chunk.lines.join('\n'), count: chunk.lines.length }));
}

describe('task lines become chunks', () => {
  test('of at most 256 tasks, in order', () => {
    const lines = Array.from({ length: 600 }, (_, index) => `{"id":"${index}"}`);
    const chunks = chunksOf(lines);
    expect(chunks.map(({ sequence, count }) => [sequence, count])).toEqual([
      [0, 256],
      [1, 256],
      [2, 88],
    ]);
    expect(chunks.map((chunk) => chunk.tasks).join('\n')).toBe(lines.join('\n'));
  });

  test('that fit into a NATS message even when each byte has to be escaped', () => {
    const line = '"'.repeat(100_000);
    for (const chunk of chunksOf(Array.from({ length: 20 }, () => line))) {
      expect(Buffer.byteLength(chunk.tasks)).toBeLessThanOrEqual(limits.chunkBytes);
      expect(Buffer.byteLength(JSON.stringify({ ...chunk, job_id: 'j'.repeat(64) }))).toBeLessThan(1024 * 1024);
    }
  });

  test('the largest task has a chunk to itself if need be', () => {
    const largest = 'x'.repeat(limits.taskBytes);
    expect(chunksOf([largest, largest, largest]).map((chunk) => chunk.count)).toEqual([1, 1, 1]);
  });

  test('that end where a layer of tasks ends which wait for those before, once they are half full', () => {
    const chunks = new TaskChunks<string>();
    const counts = Array.from({ length: 1_000 }, (_, task) => {
      const layer = Math.floor(task / 100);
      const waits = { id: `${task}`, ...(layer > 0 ? { depends_on: [`${task - 100}`] } : {}) };
      return chunks.add('{}', 2, waits)?.lines.length ?? 0;
    });
    expect(counts.filter((count) => count > 0)).toEqual([200, 200, 200, 200]);
    expect(chunks.flush()?.lines).toHaveLength(200);
  });

  test('nothing comes of nothing', () => {
    expect(chunksOf([])).toEqual([]);
  });
});
