import type { Actor } from '@kintsugi/contracts';

/** Jobs that are to go with all that is kept of them. It stays as their tombstone once they have gone. */
export interface Deletion {
  id: string;
  jobIds: readonly string[];
  requestedBy: Actor;
  requestId: string;
  /** Whether only what has ended is to go: a job that runs again by then stays, and is not stopped. */
  onlyEnded?: true;
}

/** What was asked to be deleted. Each is carried out to its end, by whichever replica leads. */
export abstract class Deletions {
  abstract add(deletion: Deletion): Promise<void>;
  /** Those that have not come to their end, oldest first, from just after an id on. */
  abstract unfinished(afterId: string, limit: number): Promise<Deletion[]>;
  /** Jobs of a deletion stay after all: it is no tombstone of theirs. */
  abstract leaveOut(id: string, jobIds: readonly string[]): Promise<void>;
  abstract noteDone(id: string): Promise<void>;
  /** Whether a job was deleted, or is being: nothing that comes late may make it anew. */
  abstract has(jobId: string): Promise<boolean>;
}
