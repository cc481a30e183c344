import type { Chunk } from './chunk.js';
import type { TaskLosses } from './task-extras.js';

/** Tasks that a worker may hold at once, by how many workers one of them has lost; 1 beyond. */
const isolationByLosses = [Infinity, Infinity, 16, 4];

/**
 * How many tasks a worker may hold at once while these are among them. A task that has lost more than one worker is a
 * suspect: it runs in ever stricter isolation, and in the end alone, until it is known whether it is what kills them.
 */
export function isolationOf(chunk: Chunk, indexes: readonly number[]): number {
  if (!hasSuspects(chunk)) return Infinity;
  return Math.min(...indexes.map((index) => isolationOfTask(chunk, index)));
}

/** Whether one of the chunk's tasks is a suspect. Most chunks have no losses at all: they cost this look and no other. */
export function hasSuspects({ state }: Chunk): boolean {
  const { losses } = state.extras;
  for (const index in losses) if (isolationOfLosses(losses[index]) !== Infinity) return true;
  return false;
}

/** Whether a ready task may run beside any number of others. */
export function hasReadyUnsuspected(chunk: Chunk): boolean {
  if (!hasSuspects(chunk)) return chunk.count('ready') > 0;
  return chunk.indexesIn('ready').some((index) => isolationOfTask(chunk, index) === Infinity);
}

/** The isolation of the least suspected of the ready suspects; 0 when there is none. */
export function isolationOfReadySuspects(chunk: Chunk): number {
  const limits = chunk.indexesIn('ready').map((index) => isolationOfTask(chunk, index));
  return Math.max(0, ...limits.filter((isolation) => isolation !== Infinity));
}

/** Tells the tasks of this isolation from the others; null where there are no others. */
export function tasksOfIsolation(chunk: Chunk, isolation: number): ((index: number) => boolean) | null {
  return hasSuspects(chunk) ? (index) => isolationOfTask(chunk, index) === isolation : null;
}

function isolationOfTask(chunk: Chunk, index: number): number {
  return isolationOfLosses(chunk.state.extras.losses[index]);
}

function isolationOfLosses(losses: TaskLosses | undefined): number {
  return losses ? (isolationByLosses[losses.workers] ?? 1) : Infinity;
}
