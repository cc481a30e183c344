import { afterEach, expect, jest, test } from '@jest/globals';
import type { Logger } from '@kintsugi/observability';
import type { StartDueRetries } from './commands/start-due-retries.js';
import { RetryClock } from './retry-clock.js';
import { stillnessSample } from '../platform/stillness-sample.js';

afterEach(() => {
  jest.useRealTimers();
});

test('retries are looked for as before where the time of day is set back or ahead', async () => {
  jest.useFakeTimers();
  const day = { shiftMs: 0 };
  let looks = 0;
  const retries = { execute: async () => ((looks += 1), null) } as unknown as StartDueRetries;
  const clock = new RetryClock(retries, { now: () => Date.now() + day.shiftMs }, stillnessSample(), {} as Logger);
  clock.start();
  await jest.advanceTimersByTimeAsync(0);
  for (const shiftMs of [-3_600_000, 0, 3_600_000]) {
    day.shiftMs = shiftMs;
    const before = looks;
    await jest.advanceTimersByTimeAsync(5_000);
    expect(looks - before).toBeGreaterThanOrEqual(4);
    expect(looks - before).toBeLessThanOrEqual(6);
  }
  await Promise.all([clock.stop(), jest.advanceTimersByTimeAsync(5_000)]);
});

test('retries are next to never looked for while none is left and nothing comes in, and at once when something does', async () => {
  jest.useFakeTimers();
  let [looks, next] = [0, null as number | null];
  const retries = { execute: async () => ((looks += 1), next) } as unknown as StartDueRetries;
  const stillness = stillnessSample(30);
  const clock = new RetryClock(retries, { now: () => Date.now() }, stillness, {} as Logger);
  const looksIn = async (seconds: number): Promise<number> => {
    const before = looks;
    await jest.advanceTimersByTimeAsync(seconds * 1_000);
    return looks - before;
  };
  clock.start();
  expect(await looksIn(60)).toBeGreaterThanOrEqual(60);
  expect(await looksIn(60)).toBeLessThanOrEqual(3);
  stillness.noteMovement();
  expect(await looksIn(0.2)).toBe(1);
  await looksIn(90);
  next = Date.now() + 40_000;
  clock.expect(next);
  expect(await looksIn(60)).toBeGreaterThanOrEqual(20);
  await Promise.all([clock.stop(), jest.advanceTimersByTimeAsync(60_000)]);
});
