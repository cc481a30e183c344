/** Removes chunks for good. */
export abstract class ChunkRemoval {
  /** Removes some of a job's chunks, staged ones too, and gives how many. None is left when it gives none. */
  abstract removeSome(jobId: string, limit: number): Promise<number>;
  /** Removes a bundle, provided that no place of it has a job. */
  abstract removeEmptyBundle(chunkId: string): Promise<void>;
}
