import type { ChunkChange } from './domain/chunk-change.js';
import type { Chunk } from './domain/chunk.js';

/** Who writes: an epoch of leadership, and the number of the write in it. No two writes of a chunk share both. */
export interface WriteMark {
  epoch: number;
  write: number;
}

/** A change that is told from any other when the answer to its write is lost. */
export interface MarkedChange extends WriteMark {
  readonly change: ChunkChange;
}

/** The record of chunks, as those who change them know it. A change is written only over the version that it was made from. */
export abstract class ChunkRecord {
  /** Marks a change as the next write of this process. */
  abstract mark(change: ChunkChange): MarkedChange;
  /** Writes a group durably and gives the chunks whose change did not apply, because somebody else changed them. */
  abstract write(group: readonly MarkedChange[]): Promise<Chunk[]>;
  /** Of an uncertain group, the chunks that do not stand as this process has written them. */
  abstract missing(group: readonly MarkedChange[]): Promise<Chunk[]>;
  abstract load(ids: readonly string[]): Promise<Chunk[]>;
  /** The next chunks of a queue with ready tasks, most urgent and oldest first. */
  abstract ready(queue: string, exceptIds: readonly string[], exceptJobs: readonly string[], limit: number): Promise<Chunk[]>;
  /** The next chunks of one job in a queue with ready tasks, oldest first. */
  abstract readyOf(queue: string, jobId: string, exceptIds: readonly string[], limit: number): Promise<Chunk[]>;
  /** Ids of chunks with leases that workers hold from a leader before this one. */
  abstract leasedBefore(): Promise<string[]>;
}

/**
 * Whether a chunk stands as this write has left it. Its version alone does not say so: another write, of this epoch or of
 * another, may have made the same version of it.
 */
export function standsAsWritten(known: Partial<WriteMark> | undefined, { epoch, write }: WriteMark): boolean {
  return known?.epoch === epoch && known.write === write;
}
