import type { ActionRequest } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';

export type JobFilter = ActionRequest<'deleteJobs'>['filter'];

/** The jobs that the history tells of. */
export abstract class JobSearch {
  /** Ids of jobs that a filter fits and whoever asks may see, oldest first, and where to go on. */
  abstract page(
    filter: JobFilter,
    place: { limit: number; cursor: string | undefined },
    origin: Origin,
  ): Promise<{ jobIds: string[]; cursor: string | null }>;
  /** How many there are. */
  abstract count(filter: JobFilter, origin: Origin): Promise<number>;
}
