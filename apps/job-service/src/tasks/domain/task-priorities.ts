import type { JobStatus } from '@kintsugi/contracts';
import { bundledJobStatus } from './bundled-job-status.js';
import type { Chunk } from './chunk.js';

/** Statuses of jobs that have something to run. */
export const prioritisableStatuses: readonly JobStatus[] = ['scheduled', 'pending', 'running', 'paused', 'recovering'];

/** Whether jobs of a bundle have been given priorities of their own. Most bundles have none: they cost this look and no other. */
export function hasOwnPriorities({ state }: Chunk): boolean {
  for (const _index in state.extras.priority) return true;
  return false;
}

/** The priority of the job that a task belongs to. */
export function priorityAt({ identity, state }: Chunk, index: number): number {
  return state.extras.priority[index] ?? identity.priority;
}

/** The priority that the tasks of a chunk have among others now: in a bundle, that of its most urgent ready one. */
export function priorityNow(chunk: Chunk): number {
  if (!hasOwnPriorities(chunk)) return chunk.identity.priority;
  return highestOf(chunk, null) ?? chunk.identity.priority;
}

/** The priority of tasks that are leased together, which the chunk itself has no more once none of them is ready. */
export function priorityOfLeased(chunk: Chunk, indexes: readonly number[]): number {
  if (!hasOwnPriorities(chunk)) return chunk.priority;
  return Math.max(0, ...indexes.map((index) => priorityAt(chunk, index)));
}

/** Tells which of the wanted tasks go first; `isWanted` itself where all have one priority. */
export function mostUrgentOf(chunk: Chunk, isWanted: ((index: number) => boolean) | null): ((index: number) => boolean) | null {
  if (!hasOwnPriorities(chunk)) return isWanted;
  const highest = highestOf(chunk, isWanted);
  return (index) => isWanted?.(index) !== false && priorityAt(chunk, index) === highest;
}

function highestOf(chunk: Chunk, isWanted: ((index: number) => boolean) | null): number | null {
  let highest: number | null = null;
  for (const index of chunk.indexesIn('ready')) {
    if (isWanted?.(index) !== false) highest = Math.max(highest ?? 0, priorityAt(chunk, index));
  }
  return highest;
}

/** Sets the priority of the job at a place of a bundle. False, and nothing changed, where nothing of it is to run any more. */
export function prioritiseBundledJob(chunk: Chunk, index: number, priority: number, by: string, now: number): boolean {
  const status = bundledJobStatus(chunk, index);
  if (!prioritisableStatuses.includes(status)) return false;
  if (priority === priorityAt(chunk, index)) return true;
  chunk.setExtra('priority', index, priority);
  chunk.emit('job.reprioritised', [index], now, { asked: { by, status, stopped: false } });
  return true;
}
