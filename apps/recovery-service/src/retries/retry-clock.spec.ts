import { afterEach, expect, jest, test } from '@jest/globals';
import type { Logger } from '@kintsugi/observability';
import type { StartDueRetries } from './commands/start-due-retries.js';
import { RetryClock } from './retry-clock.js';

afterEach(() => {
  jest.useRealTimers();
});

test('retries are looked for as before where the time of day is set back or ahead', async () => {
  jest.useFakeTimers();
  const day = { shiftMs: 0 };
  let looks = 0;
  const retries = { execute: async () => ((looks += 1), null) } as unknown as StartDueRetries;
  const clock = new RetryClock(retries, { now: () => Date.now() + day.shiftMs }, {} as Logger);
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
