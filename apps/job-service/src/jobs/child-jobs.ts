import type { BatchJob } from '@kintsugi/contracts';

/** What may befall a job with its parent. */
export type Fate = NonNullable<BatchJob['with_parent']>[number];

/** A job that is cancelled with its parent, and has not ended. */
export interface CancelledWithParent {
  jobId: string;
  parentId: string;
}

/** The jobs that handlers of other jobs have made. */
export abstract class ChildJobs {
  /** How many jobs have been made of one, and the last of them. */
  abstract of(parentId: string, newest: number): Promise<{ count: number; newest: string[] }>;
  /** Those of some jobs that a fate of theirs befalls as well, oldest first: of those that have ended, of those that have not, or of all. */
  abstract befallen(parentIds: readonly string[], fate: Fate, hasEnded: boolean | null, limit: number): Promise<string[]>;
  /** Those that have not ended and are cancelled with their parents, by their ids from just after one on. */
  abstract toCancel(afterId: string, limit: number): Promise<CancelledWithParent[]>;
}
