import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Faults } from '@kintsugi/hosting';
import { ChunkChanges } from './chunk-changes.js';
import { ChunkRecordInMemory, type Reach, type StoredChunks } from './chunk-record-in-memory.js';
import { ChunkWriter } from './chunk-writer.js';
import { bundleOf } from './domain/chunk-sample.js';
import { Chunk } from './domain/chunk.js';

/** How the store answers the operations that have reached it, the oldest first. */
let waiting: { answer: () => void; fail: (error: Error) => void }[];
let stored: StoredChunks;
let faults: unknown[];
let told: string[];
let record: ChunkRecordInMemory;
let writer: ChunkWriter;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  [waiting, stored, faults, told] = [[], new Map(), [], []];
  const reach: Reach = (operation) =>
    new Promise((resolve, reject) => waiting.push({ answer: () => resolve(operation()), fail: reject }));
  const reported = new Faults((error) => faults.push(error), 'test');
  const changes = new ChunkChanges(reported);
  changes.observe({
    written: ({ chunk, version }) => told.push(`${chunk.id.slice(-1)} written as ${version}`),
    conflicted: ({ id }) => told.push(`${id.slice(-1)} is another's`),
  });
  record = new ChunkRecordInMemory({ stored, epoch: () => 1, reach });
  writer = new ChunkWriter(record, changes, reported);
});

afterEach(() => {
  jest.useRealTimers();
});

function chunkAt(number: number): Chunk {
  const { identity, state, lines } = bundleOf(1);
  return new Chunk({ ...identity, id: identity.id.replace('.0', `.${number}`) }, state, lines);
}

function save(chunk: Chunk): void {
  writer.save(chunk, (voided) => told.push(`${chunk.id.slice(-1)} ${voided ? 'void' : 'safe'}`));
}

/** Lets what is due run. */
async function goOn(): Promise<void> {
  for (let turns = 0; turns < 3; turns += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Answers the oldest operation that waits. */
async function answer(): Promise<void> {
  waiting.shift()?.answer();
  await goOn();
}

async function fail(error: Error): Promise<void> {
  waiting.shift()?.fail(error);
  await goOn();
}

test('what changes together is one write, and is told before its effects run', async () => {
  for (const number of [1, 2]) save(chunkAt(number));
  await goOn();
  expect([waiting.length, told, stored.size]).toEqual([1, [], 0]);
  await answer();
  expect(told).toEqual(['1 written as 1', '1 safe', '2 written as 1', '2 safe']);
});

test('a chunk that changes while it is being written is written once more after that, with all that changed meanwhile', async () => {
  const chunk = chunkAt(1);
  save(chunk);
  await goOn();
  save(chunk);
  chunk.setExtra('due', 0, 5);
  save(chunk);
  await goOn();
  expect([waiting.length, writer.isBusy(chunk)]).toEqual([1, true]);
  await answer();
  await answer();
  expect(told).toEqual(['1 written as 1', '1 safe', '1 written as 2', '1 safe', '1 safe']);
  expect([stored.get(chunk.id)?.extras.due, writer.isBusy(chunk)]).toEqual([{ 0: 5 }, false]);
});

test('more than three groups are never under way: what comes then waits, and all of it shares the next', async () => {
  for (const number of [1, 2, 3, 4, 5]) {
    save(chunkAt(number));
    await goOn();
  }
  expect(waiting).toHaveLength(3);
  await answer();
  expect(waiting).toHaveLength(3);
  for (let left = 3; left > 0; left -= 1) await answer();
  expect([stored.size, waiting.length]).toEqual([5, 0]);
});

describe('what is more urgent than others', () => {
  const urgent = (number: number): Chunk => Object.assign(chunkAt(number), { priority: 9 });

  test('is written at once, however much else is being written and waits', async () => {
    for (const number of [1, 2, 3, 4]) {
      save(chunkAt(number));
      await goOn();
    }
    save(urgent(5));
    await goOn();
    expect(waiting).toHaveLength(4);
    waiting.pop()?.answer();
    await goOn();
    expect(told).toEqual(['5 written as 1', '5 safe']);
  });

  test('waits for no turn of the event loop, which may be long while others are written', async () => {
    save(chunkAt(1));
    await goOn();
    let isNextTurn = false;
    setImmediate(() => (isNextTurn = true));
    save(urgent(2));
    for (let microtasks = 0; microtasks < 20; microtasks += 1) await Promise.resolve();
    expect([waiting.length, isNextTurn]).toEqual([2, false]);
    await goOn();
  });

  test('does not share the write of what is saved with it', async () => {
    for (const chunk of [chunkAt(1), urgent(2)]) save(chunk);
    await goOn();
    expect(waiting).toHaveLength(2);
    await answer();
    expect(told).toEqual(['2 written as 1', '2 safe']);
    await answer();
    expect(stored.size).toBe(2);
  });

  test('has one group beside those of the others, and shares the next', async () => {
    for (const number of [1, 2, 3]) {
      save(chunkAt(number));
      await goOn();
    }
    for (const number of [4, 5, 6]) {
      save(urgent(number));
      await goOn();
    }
    expect(waiting).toHaveLength(4);
    waiting.pop()?.answer();
    await goOn();
    expect(waiting).toHaveLength(4);
    waiting.pop()?.answer();
    await goOn();
    expect(told.filter((text) => text.endsWith('safe'))).toEqual(['4 safe', '5 safe', '6 safe']);
  });

  test('is nothing of its own where all is as urgent', async () => {
    for (const number of [1, 2]) save(urgent(number));
    await goOn();
    expect(waiting).toHaveLength(1);
  });
});

test('a write is made again while the store is away, and no change is made twice', async () => {
  const chunk = chunkAt(1);
  save(chunk);
  await goOn();
  // It has arrived, and its answer is lost.
  const [lost] = waiting;
  lost?.answer();
  waiting = [];
  await goOn();
  told = [];
  save(chunk);
  await goOn();
  await fail(Object.assign(new Error('away'), { name: 'MongoNetworkError' }));
  await jest.advanceTimersByTimeAsync(100);
  await goOn();
  await answer();
  expect([told, stored.get(chunk.id)?.version, faults.length]).toEqual([['1 written as 2', '1 safe'], 2, 1]);
});

test('where somebody else has changed a chunk all that was changed here is void, and its neighbours are safe', async () => {
  const [mine, theirs] = [chunkAt(1), chunkAt(2)];
  for (const chunk of [mine, theirs]) save(chunk);
  await goOn();
  save(theirs);
  const other = new ChunkRecordInMemory({ stored, epoch: () => 2 });
  await other.write([other.mark(chunkAt(2).takeChange())]);
  // The write, and the look at what did not apply.
  await answer();
  await answer();
  expect(told).toEqual(['1 written as 1', '1 safe', "2 is another's", '2 void', '2 void']);
});

test('a value that the store refuses holds up its own chunk only', async () => {
  const [fine, refused] = [chunkAt(1), chunkAt(2)];
  for (const chunk of [refused, fine]) save(chunk);
  await goOn();
  await fail(new Error('refused'));
  await jest.advanceTimersByTimeAsync(100);
  await goOn();
  // What is missing of the group is asked for, and written one by one.
  await answer();
  await fail(new Error('refused'));
  await jest.advanceTimersByTimeAsync(100);
  await goOn();
  // Alone it is asked for again: it never came to be, and is void.
  await answer();
  await answer();
  expect([...stored.keys()]).toEqual([fine.id]);
  expect(told.sort()).toEqual(['1 safe', '1 written as 1', "2 is another's", '2 void']);
});

test('all is settled once nothing waits or is under way', async () => {
  let isSettled = false;
  for (const number of [1, 2]) save(chunkAt(number));
  await goOn();
  save(chunkAt(3));
  const settled = writer.settled().then(() => (isSettled = true));
  await answer();
  expect(isSettled).toBe(false);
  await answer();
  await settled;
  await writer.settled();
  expect(isSettled).toBe(true);
});
