import { setTimeout as delay } from 'node:timers/promises';
import { beginWait, endWait, isUnderWay } from './waits.js';

export interface EventuallyOptions {
  timeoutMs?: number;
}

/** Long enough for a slow and busy machine: a test measures what becomes true, not how soon. */
const defaultTimeoutMs = 120_000;
const delayMsMin = 5;
const delayMsMax = 100;

/** Repeats an assertion until it passes, and returns its result; after the timeout, throws what it threw last. */
export async function eventually<Result>(
  assertion: () => Promise<Result> | Result,
  options: EventuallyOptions = {},
): Promise<Result> {
  const deadline = performance.now() + (options.timeoutMs ?? defaultTimeoutMs);
  const wait = beginWait();
  try {
    for (let delayMs = delayMsMin; ; delayMs = Math.min(delayMs * 1.5, delayMsMax)) {
      try {
        return await assertion();
      } catch (error) {
        wait.last = error;
        if (performance.now() + delayMs > deadline || !isUnderWay(wait)) throw error;
      }
      await delay(delayMs);
    }
  } finally {
    endWait(wait);
  }
}
