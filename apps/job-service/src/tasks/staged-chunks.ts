import type { Labels, RetrySettings, SafetyClass } from '@kintsugi/contracts';
import type { ChunkChange } from './domain/chunk-change.js';

/** A new chunk that is not part of an accepted job yet. */
export interface StagedChunk {
  /** The first change of the chunk, which makes it. */
  change: ChunkChange;
  stagedAt: number;
  /** The lease of the planner that sent it. */
  planFence?: number;
}

export interface StagedCounts {
  chunks: number;
  tasks: number;
  /** Tasks that wait for others. */
  blocked: number;
}

/** What the chunks of a job have from it. */
export interface StagedOwner {
  queue: string;
  priority: number;
  safety: SafetyClass;
  retry_config: RetrySettings | null;
  accepted_at: number;
  tenant?: string;
  timeout_s?: number;
  labels?: Labels;
  deadline_at?: string;
}

/** Chunks that are stored before their job is accepted, or before it knows them; nothing else sees them. */
export abstract class StagedChunks {
  /** Stores chunks that belong to no job yet. One that has become part of a job since is left as it is. */
  abstract stage(staged: readonly StagedChunk[]): Promise<void>;
  abstract countStaged(jobId: string, planFence?: number): Promise<StagedCounts>;
  /** Ids of jobs and uploads that have staged chunks, but of those that are kept until the time of their job. */
  abstract jobsWithStaged(): Promise<Set<string>>;
  /**
   * Makes the staged chunks of an accepted job real and tells them what their job is. Repeating it changes nothing.
   * @param isPlanning whether its planner may be staging its tasks: those are left alone
   */
  abstract openStaged(jobId: string, given: StagedOwner, isPlanning?: boolean): Promise<void>;
  /** Keeps the staged chunks of an accepted job that waits for its time, however long that is. */
  abstract keepStaged(jobId: string): Promise<void>;
  abstract dropStaged(jobId: string, exceptPlanFence?: number): Promise<number>;
}
