import { expect, test } from '@jest/globals';
import { untilNothingRuns, type Looks } from './stillness.js';

/** A clock that only pauses move, and processes that take each second what is given, then nothing. */
function looksOf(sharesOfSeconds: number[], unhandled: number[] = []): Looks {
  let [now, cpuMs] = [0, 0];
  return {
    unhandled: async () => unhandled.shift() ?? 0,
    cpuMs: () => cpuMs,
    now: () => now,
    pause: async (ms) => {
      now += ms;
      cpuMs += (sharesOfSeconds.shift() ?? 0) * ms;
    },
  };
}

test('a platform is at rest once it has taken next to nothing for three seconds', async () => {
  expect(await untilNothingRuns(looksOf([0.1, 0.05, 0.1]))).toBe(3_000);
  expect(await untilNothingRuns(looksOf([1.5, 0.1, 0.1, 0.9, 0.1, 0.1, 0.1]))).toBe(7_000);
});

test('messages that nobody has handled are told of by no CPU time, and waited for', async () => {
  expect(await untilNothingRuns(looksOf([], [900, 20, 0]))).toBe(5_000);
});

test('one that never rests is no idle one: nothing is measured of it', async () => {
  const busy = Array.from({ length: 1_000 }, () => 0.4);
  await expect(untilNothingRuns(looksOf(busy))).rejects.toThrow('Something still ran');
});
