import { endedTaskStates, type TaskCounts } from '@kintsugi/contracts';
import type { Recorded } from '../domain/exactness.js';

const brokenOff = endedTaskStates.filter((state) => state !== 'succeeded');

/** What jobs record of so many tasks. One that has failed and is not decided on has not ended: it may run again. */
export function recordedIn(jobs: readonly TaskCounts[], accepted: number): Recorded {
  const count = (states: readonly (keyof TaskCounts)[]): number =>
    jobs.reduce((sum, counts) => sum + states.reduce((of, state) => of + (counts[state] ?? 0), 0), 0);
  const [done, failed] = [count(['succeeded']), count(brokenOff)];
  return { done, failed, unfinished: accepted - done - failed };
}
