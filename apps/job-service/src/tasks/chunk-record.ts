import type { Chunk } from './domain/chunk.js';
import type { PendingWrite } from './mongo/pending-write.js';

/** The record of chunks, as those who change them know it. A write succeeds only on the version that it was made from. */
export interface ChunkRecord {
  /** Makes up the write of everything that has changed since the last one. */
  prepare(chunk: Chunk): PendingWrite;
  /** Writes a group durably and gives the chunks whose write did not apply, because somebody else changed them. */
  write(group: readonly PendingWrite[]): Promise<Chunk[]>;
  /** Of an uncertain group, the chunks that do not stand as this process has written them. */
  missing(group: readonly PendingWrite[]): Promise<Chunk[]>;
  load(ids: readonly string[]): Promise<Chunk[]>;
  /** The next chunks of a lane with ready tasks, most urgent and oldest first. */
  ready(lane: string, exceptIds: readonly string[], exceptJobs: readonly string[], limit: number): Promise<Chunk[]>;
  /** Ids of chunks with leases that workers hold from a leader before this one. */
  leasedBefore(): Promise<string[]>;
}
