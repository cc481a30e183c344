import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { inBackground } from '@kintsugi/boundary';
import { stillnessSample } from './stillness-sample.js';
import type { Stillness } from './stillness.js';

const { signal } = new AbortController();
let stillness: Stillness;
let ended: number;

beforeEach(() => {
  jest.useFakeTimers();
  ended = 0;
  stillness = stillnessSample(30);
  stillness.onEnd(() => (ended += 1));
});

afterEach(() => {
  jest.useRealTimers();
});

/** How long a pause takes, in seconds, while something comes in at some of them. */
async function pauseOf(seconds: number, movesAt: readonly number[] = [], dueIn = Infinity): Promise<number> {
  let isOver = false;
  inBackground('pause', async () => {
    await stillness.pause(seconds * 1_000, signal, dueIn * 1_000);
    isOver = true;
  });
  for (let passed = 1; ; passed += 1) {
    await jest.advanceTimersByTimeAsync(1_000);
    if (isOver) return passed;
    if (movesAt.includes(passed)) stillness.noteMovement();
  }
}

test('pauses are as long as they were meant to be for a minute after something came in, and long after that', async () => {
  expect(await pauseOf(3)).toBe(3);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(await pauseOf(3)).toBe(30);
  stillness.noteMovement();
  expect(await pauseOf(3, [1, 2])).toBe(3);
});

test('no pause is made longer than half a minute where commands are sent again after hours', async () => {
  stillness = stillnessSample(3_600);
  await jest.advanceTimersByTimeAsync(10_000_000);
  expect(await pauseOf(3)).toBe(30);
  expect(await pauseOf(360)).toBe(360);
});

test('a long pause is over once something comes in, and when something is due', async () => {
  await jest.advanceTimersByTimeAsync(61_000);
  expect(await pauseOf(3, [], 7)).toBe(7);
  expect(await pauseOf(3, [], 1)).toBe(3);
  expect(await pauseOf(3, [5])).toBe(6);
  expect(ended).toBe(1);
});
