import { beforeEach, expect, test } from '@jest/globals';
import { Faults } from '@kintsugi/hosting';
import { ChunkChanges } from './chunk-changes.js';
import { ChunkRecordInMemory, type Reach, type StoredChunks } from './chunk-record-in-memory.js';
import { ChunkWriter } from './chunk-writer.js';
import { chunkOf } from './domain/chunk-sample.js';
import { Chunk } from './domain/chunk.js';
import { LiveChunks, undecidedMax } from './live-chunks.js';
import { chunkDocument } from './mongo/chunk-document.js';

const { id } = chunkOf(2);

let stored: StoredChunks;
let needed: Set<Chunk>;
/** Answers of the store that are under way. */
let answers: (() => void)[];
let live: LiveChunks;
let changes: ChunkChanges;

beforeEach(() => {
  stored = new Map([[id, chunkDocument(chunkOf(2).takeChange(), 1)]]);
  needed = new Set();
  answers = [];
  const reach: Reach = (operation) => {
    const answer = operation();
    return new Promise((resolve) => answers.push(() => resolve(answer)));
  };
  const record = new ChunkRecordInMemory({ stored, epoch: () => 1, reach });
  const faults = new Faults(() => undefined, 'test');
  changes = new ChunkChanges(faults);
  live = new LiveChunks(record, new ChunkWriter(record, changes, faults), changes);
  live.keepWhile((chunk) => needed.has(chunk));
});

/** Brings all answers that are under way, until something has come of them. */
async function answerUntil<Result>(wanted: Promise<Result>): Promise<Result> {
  let isOver = false;
  const over = wanted.finally(() => (isOver = true));
  while (!isOver) {
    for (const bring of answers.splice(0)) bring();
    await Promise.resolve();
  }
  return over;
}

test('what was read of a chunk before it was changed and let go is read again', async () => {
  const seen = live.use([id], ([chunk]) => chunk?.state.version);
  // Meanwhile it comes in another way, is changed, written and let go.
  const changed = live.add(chunkOf(2));
  stored.set(id, { ...chunkDocument(changed.takeChange(), 1), version: 2 });
  live.drop(changed);
  expect(await answerUntil(seen)).toBe(2);
});

test('a read that began before a chunk was changed and let go tells that it is not current', async () => {
  const current = await live.reading(async (isCurrent) => {
    const changed = live.add(chunkOf(2));
    expect(isCurrent(id)).toBe(true);
    live.release(changed);
    return Promise.resolve(isCurrent(id));
  });
  expect(current).toBe(false);
});

test('whoever asks for a chunk at the same time works on the one in memory, also when the first needs it no more', async () => {
  const used: boolean[] = [];
  const look = ([chunk]: Chunk[]): void => void used.push(chunk !== undefined && live.get(id) === chunk);
  const use = (): Promise<void> => live.hold([id], () => live.use([id], look));
  await answerUntil(Promise.all([use(), use(), use()]));
  expect(used).toEqual([true, true, true]);
  expect(live.get(id)).toBeUndefined();
});

test('a chunk that is held is let go after its last holder', async () => {
  const chunk = live.add(chunkOf(2));
  await live.hold([id], async () => {
    await live.hold([id], () => Promise.resolve());
    live.release(chunk);
    expect(live.get(id)).toBe(chunk);
  });
  expect(live.get(id)).toBeUndefined();
});

test('a chunk whose change is void is read again, also by those who hold it', async () => {
  const voided = live.add(chunkOf(2));
  const found = await answerUntil(
    live.hold([id], () => {
      live.drop(voided);
      return live.use([id], ([chunk]) => chunk);
    }),
  );
  expect(found?.id).toBe(id);
  expect(found).not.toBe(voided);
});

test('what does not exist is left out', async () => {
  expect(await answerUntil(live.use([id, `${id}9`], (chunks) => chunks.map((chunk) => chunk.id)))).toEqual([id]);
});

/** A chunk as it is once the failure of its task is written. */
function failedChunk(sequence: number, tasks = 1): Chunk {
  const { identity, state, lines } = chunkOf(tasks);
  const chunk = live.add(new Chunk({ ...identity, id: `${id}${sequence}` }, state, lines));
  chunk.move(0, 'lease');
  chunk.move(0, 'fail');
  tellWritten(chunk);
  return chunk;
}

function tellWritten(chunk: Chunk): void {
  const change = chunk.takeChange();
  changes.tellWritten({ ...change, known: change.sums });
}

test('a chunk stays in memory until it is decided about its failed task, and no longer', () => {
  const chunk = failedChunk(0);
  expect(live.get(chunk.id)).toBe(chunk);
  chunk.move(0, 'discard');
  tellWritten(chunk);
  expect(live.get(chunk.id)).toBeUndefined();
});

test('a chunk with ready tasks beside the failed one does not stay: the store has it for those who share slots out', () => {
  const chunk = failedChunk(0, 2);
  expect(live.get(chunk.id)).toBeUndefined();
});

test('of very many chunks with failed tasks those stay that failed last', () => {
  const chunks = Array.from({ length: undecidedMax + 2 }, (_, sequence) => failedChunk(sequence));
  expect(chunks.filter((chunk) => live.get(chunk.id) !== chunk)).toEqual(chunks.slice(0, 2));
});
