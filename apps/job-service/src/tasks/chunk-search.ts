import type { TaskState } from '@kintsugi/contracts';
import type { Chunk } from './domain/chunk.js';

/** desc: from the end of a job to its first task, without its plan. */
export type PageOrder = 'asc' | 'desc';

/** Finds chunks by how their tasks stand in the record. */
export abstract class ChunkSearch {
  /** Ids of a job's chunks that keep it open, or of whose tasks a late report may still come, to be walked in groups. */
  abstract unsettledIdsOf(jobId: string): Promise<string[]>;
  /** A page of a job's chunks in order, from a sequence on or back; with a state, only chunks that have such tasks. */
  abstract page(jobId: string, from: number, state: TaskState | null, limit: number, order?: PageOrder): Promise<Chunk[]>;
  /** Queues that have ready tasks, with the acceptance of the oldest; those of some jobs are left out. */
  abstract oldestReady(except?: readonly string[]): Promise<{ queue: string; acceptedAt: number }[]>;
  /** Chunks with events that have been waiting since before `before`. */
  abstract withOutbox(before: number, limit: number): Promise<Chunk[]>;
  abstract clearOutbox(chunkIds: readonly string[], eventIds: readonly string[]): Promise<void>;
  /** Chunks with failed tasks that nobody has decided about. */
  abstract undecided(limit: number): Promise<string[]>;
  /**
   * Sets the priority of a job's chunks, also of those that are not real yet: of its next `first` ready ones, or of all. It is no
   * change of a chunk, and voids none.
   */
  abstract setPriority(jobId: string, priority: number, first?: number): Promise<void>;
  /** Chunks with tasks that only a person can decide about. */
  abstract waitingForPerson(): Promise<string[]>;
}
