import { setTimeout as delay } from 'node:timers/promises';
import { Bus, consumerBacklogs } from '@kintsugi/messaging';
import { monotonicMs } from '../../load/monotonic-clock.js';
import { cpuMsOf } from '../../process/process-figures.js';
import type { CountedWork } from './counted-work.js';

/** What all processes together take of a core at most while nothing runs: their beats, and what looks whether there is something. */
const idleShareMax = 0.2;
/** So many looks one behind the other have to find nothing. */
const looksWanted = 3;
const lookMs = 1_000;
const patienceMs = 240_000;

/** What is looked at. */
export interface Looks {
  /** Events and commands that nobody has handled yet. */
  unhandled: () => Promise<number>;
  cpuMs: () => number;
  now: () => number;
  pause: (ms: number) => Promise<void>;
}

/**
 * Waits until nothing runs: what follows from tasks, in the history and in the store, goes on for long after their end, and who measures
 * meanwhile measures beside it. Resolves with how long that took, in milliseconds; rejects where it takes too long.
 */
export async function untilNothingRuns({ unhandled, cpuMs, now, pause }: Looks): Promise<number> {
  const startedAt = now();
  for (let still = 0; ;) {
    const [from, before] = [now(), cpuMs()];
    await pause(lookMs);
    const share = (cpuMs() - before) / (now() - from);
    const waiting = await unhandled();
    still = share <= idleShareMax && waiting === 0 ? still + 1 : 0;
    if (still === looksWanted) return now() - startedAt;
    if (now() - startedAt > patienceMs) {
      throw new Error(
        `Something still ran ${patienceMs} ms after the last task: ${Math.round(share * 100)} % of a core, and ${waiting} messages wait. ` +
          'How long tasks wait while nothing else runs cannot be said.',
      );
    }
  }
}

/** The same of a platform with its worker. */
export async function platformAtRest({ system, worker }: CountedWork): Promise<number> {
  const bus = await Bus.connect({ servers: String(system.address['nats']), name: 'bench-stillness' });
  try {
    const { servers, services } = system.processes();
    const pids = [...servers, ...services, worker].map(({ pid }) => pid);
    return await untilNothingRuns({
      unhandled: async () =>
        (await consumerBacklogs(bus)).reduce((sum, { pending, unacknowledged }) => sum + pending + unacknowledged, 0),
      cpuMs: () => cpuMsOf(pids),
      now: monotonicMs,
      pause: (ms) => delay(ms),
    });
  } finally {
    await bus.close();
  }
}
