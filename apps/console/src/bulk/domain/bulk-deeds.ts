import type { BatchJob, JobHistoryPage, JobStatus } from '@kintsugi/contracts';
import { deedsFor, type JobDeed } from '../../jobs/domain/job-progress.js';
import { jobStatuses, type HistoryFilters } from '../../jobs/domain/job-search.js';

type Counted = Pick<JobHistoryPage['pagination'], 'total' | 'total_is_capped'>;

/** Jobs that one run of the console goes through; what is left is found by the same search again. */
export const bulkJobsMax = 1_000;

/** How many jobs a run goes through at most. Where counting ended early there may be more than were counted. */
export function jobsOfRun({ total, total_is_capped: isCapped }: Counted): number {
  return isCapped ? bulkJobsMax : Math.min(bulkJobsMax, total ?? 0);
}

export const bulkDeeds = ['retry', 'pause', 'resume', 'cancel', 'delete'] as const satisfies JobDeed[];

/** The jobs of a search to which something can be done; null where none of them can be in such a state. */
export function filtersFor(deed: JobDeed, filters: HistoryFilters): HistoryFilters | null {
  const possible = jobStatuses.filter((status) => deedsFor({ status }).includes(deed));
  const wanted: JobStatus[] = filters.status?.length ? possible.filter((status) => filters.status?.includes(status)) : possible;
  return wanted.length === 0 ? null : { ...filters, status: wanted };
}

/** Whether it is done to this job: it is as it was found, and was not retried before. */
export function isMeant(deed: JobDeed, job: Pick<BatchJob, 'status' | 'executor' | 'retried_as'>): boolean {
  return deedsFor(job).includes(deed) && !(deed === 'retry' && (job.retried_as ?? []).length > 0);
}
