import type { ResourceLimits } from '@kintsugi/contracts';
import { roomFor, type Resources } from './resources.js';
import type { WorkerEntry } from './worker-entry.js';

type Workers = Iterable<WorkerEntry>;

const nothingUsed: Resources = { memoryMib: 0, cpuCores: 0 };

/** Whether one of the workers has room now for a task that may use so much. */
export function hasRoomFor(workers: Workers, needs: ResourceLimits): boolean {
  for (const { capacity, used } of workers) if (roomFor(needs, capacity, used) > 0) return true;
  return false;
}

/** Whether one would have, if it held nothing. */
export function couldHold(workers: Workers, needs: ResourceLimits): boolean {
  return emptiestAble(workers, needs) !== null;
}

/** Of those that would have room if they held nothing, the one that holds the least. */
export function emptiestAble(workers: Workers, needs: ResourceLimits): WorkerEntry | null {
  let emptiest: WorkerEntry | null = null;
  for (const worker of workers) {
    if (roomFor(needs, worker.capacity, nothingUsed) === 0) continue;
    if (!emptiest || worker.held < emptiest.held) emptiest = worker;
  }
  return emptiest;
}
