import type { Chunk, TaskLosses } from './chunk.js';

/** Tasks that a worker may hold at once, by how many workers one of them has lost; 1 beyond. */
const companyByLosses = [Infinity, Infinity, 16, 4];

/**
 * How many tasks a worker may hold at once while these are among them. A task that has lost more than one worker is a
 * suspect: it runs in ever smaller company, and in the end alone, until it is known whether it is what kills them.
 */
export function companyOf(chunk: Chunk, indexes: readonly number[]): number {
  if (!hasSuspects(chunk)) return Infinity;
  return Math.min(...indexes.map((index) => companyOfTask(chunk, index)));
}

/** Whether one of the chunk's tasks is a suspect. Most chunks have no losses at all: they cost this look and no other. */
export function hasSuspects({ state }: Chunk): boolean {
  const { losses } = state.extras;
  for (const index in losses) if (companyOfLosses(losses[index]) !== Infinity) return true;
  return false;
}

/** Whether a ready task may run beside any number of others. */
export function hasReadyUnsuspected(chunk: Chunk): boolean {
  if (!hasSuspects(chunk)) return chunk.count('ready') > 0;
  return chunk.indexesIn('ready').some((index) => companyOfTask(chunk, index) === Infinity);
}

/** The company in which the least suspected of the ready suspects may run; 0 when there is none. */
export function companyOfReadySuspects(chunk: Chunk): number {
  const companies = chunk.indexesIn('ready').map((index) => companyOfTask(chunk, index));
  return Math.max(0, ...companies.filter((company) => company !== Infinity));
}

/** Tells the tasks that run in this company from the others; null where there are no others. */
export function tasksOfCompany(chunk: Chunk, company: number): ((index: number) => boolean) | null {
  return hasSuspects(chunk) ? (index) => companyOfTask(chunk, index) === company : null;
}

function companyOfTask(chunk: Chunk, index: number): number {
  return companyOfLosses(chunk.state.extras.losses[index]);
}

function companyOfLosses(losses: TaskLosses | undefined): number {
  return losses ? (companyByLosses[losses.workers] ?? 1) : Infinity;
}
