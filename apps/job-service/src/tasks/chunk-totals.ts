import type { TaskState } from '@kintsugi/contracts';
import type { TaskSums } from './domain/chunk.js';

/** Sums over the chunks of a job, and how many chunks they are. */
export interface ChunkSums extends TaskSums {
  chunks: number;
}

/** What the chunks of jobs add up to in the record. */
export abstract class ChunkTotals {
  /** Sums of the live chunks of jobs; planning chunks are left out. */
  abstract sums(jobIds: readonly string[]): Promise<Map<string, ChunkSums>>;
  /** The states of the planning tasks of those jobs that have one. */
  abstract planStates(jobIds: readonly string[]): Promise<Map<string, TaskState>>;
}
