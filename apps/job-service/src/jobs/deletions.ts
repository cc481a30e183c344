import type { Actor } from '@kintsugi/contracts';

/** Jobs that are to go with all that is kept of them. It stays as their tombstone once they have gone. */
export interface Deletion {
  id: string;
  jobIds: readonly string[];
  requestedBy: Actor;
  requestId: string;
}

/** What was asked to be deleted. Each is carried out to its end, by whichever replica leads. */
export abstract class Deletions {
  abstract add(deletion: Deletion): Promise<void>;
  /** Those that have not come to their end, oldest first, from just after an id on. */
  abstract unfinished(afterId: string, limit: number): Promise<Deletion[]>;
  abstract noteDone(id: string): Promise<void>;
  /** Whether a job was deleted, or is being: nothing that comes late may make it anew. */
  abstract has(jobId: string): Promise<boolean>;
}
