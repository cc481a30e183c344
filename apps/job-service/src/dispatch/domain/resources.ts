import type { ResourceLimits } from '@kintsugi/contracts';

/** Memory in MiB and CPU in cores. */
export interface Resources {
  memoryMib: number;
  cpuCores: number;
}

/** What a worker has that says nothing of it: it is given work by its slots alone. */
export const unlimited: Resources = { memoryMib: Infinity, cpuCores: Infinity };

/** Sums of fractions, such as ten times a tenth of a core, may come out a little above what they are. */
const tolerance = 1e-6;

/** How many more tasks that may use so much have room in a worker beside what it holds. */
export function roomFor({ max_memory: memory, max_cpu: cpu }: ResourceLimits, capacity: Resources, used: Resources): number {
  const tasks = Math.min((capacity.memoryMib - used.memoryMib) / memory, (capacity.cpuCores - used.cpuCores) / cpu);
  return Math.max(0, Math.floor(tasks + tolerance));
}

/** Adds what so many tasks may use to what is held; takes it away where they are fewer than none. */
export function addTo(used: Resources, { max_memory: memory, max_cpu: cpu }: ResourceLimits, tasks: number): void {
  used.memoryMib += memory * tasks;
  used.cpuCores += cpu * tasks;
}
