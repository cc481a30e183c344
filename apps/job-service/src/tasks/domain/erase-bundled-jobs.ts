import { isFinished } from '@kintsugi/contracts';
import { bundledJobStatus } from './bundled-job-status.js';
import type { Chunk } from './chunk.js';
import { noExtras, type TaskExtras } from './task-extras.js';

/** What stands at a place of a bundle whose job is none. */
const EMPTY_LINE = '{}';

/**
 * Empties places of a bundle: nothing of their jobs is left in it, neither heads nor payloads, results, errors and times. Gives how
 * many it has emptied; a job that has not ended stays.
 */
export function eraseBundledJobs(chunk: Chunk, indexes: readonly number[]): number {
  const erased = indexes.filter((index) => isErasable(chunk, index));
  if (erased.length === 0) return 0;
  const { identity, state, lines } = chunk;
  if (!lines) throw new Error(`The tasks of ${chunk.id} are not in memory.`);
  const jobs = [...(identity.jobs ?? [])];
  for (const index of erased) {
    chunk.move(index, 'erase');
    for (const kind of Object.keys(noExtras()) as (keyof TaskExtras)[]) chunk.setExtra(kind, index, undefined);
    for (const values of [state.attempts, state.failures, state.startedAt, state.tookUs]) values[index] = 0;
    for (const lease of state.leases) lease.indexes = lease.indexes.filter((other) => other !== index);
    jobs[index] = null;
    lines[index] = EMPTY_LINE;
  }
  identity.jobs = jobs;
  state.leases = state.leases.filter(({ indexes: held }) => held.length > 0);
  chunk.stats.erased += erased.length;
  return erased.length;
}

/** Whether no place of a bundle has a job any more. */
export function isEmptyBundle({ identity: { jobs } }: Chunk): boolean {
  return jobs !== null && jobs.every((job) => job === null);
}

function isErasable(chunk: Chunk, index: number): boolean {
  return Boolean(chunk.identity.jobs?.[index]) && isFinished(bundledJobStatus(chunk, index));
}
