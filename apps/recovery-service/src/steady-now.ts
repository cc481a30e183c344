import { uptime } from 'node:os';
import { SteadyClock } from './retries/domain/steady-clock.js';

const clock = new SteadyClock(
  () => Date.now(),
  () => uptime() * 1_000,
);

/** The time by which retries and commands are due, in epoch milliseconds. */
export function steadyNow(): number {
  return clock.now();
}
