import type { BatchJob, JobHistoryPage } from '@kintsugi/contracts';
import { isUnserved } from '../../jobs/domain/job-progress.js';

/** Jobs that are shown. */
export const underWayMax = 5;
/** Jobs that are listed as pending among which single tasks are looked for. */
export const pendingMax = 200;

type Listed = Pick<BatchJob, 'status' | 'total_tasks' | 'waiting_reason'>;
type Page<Job> = { items: readonly Job[] } & Pick<JobHistoryPage, 'begun_unknown'>;
type CountedPage<Job> = Page<Job> & { pagination: Pick<JobHistoryPage['pagination'], 'total' | 'total_is_capped'> };

interface Candidates<Job> {
  /** The oldest of them, to be asked for: a list can be behind. */
  asked: Job[];
  /** How many more are listed as under way, at least. */
  unasked: number;
  /** Whether there may be more of them than were counted. */
  isCapped: boolean;
  /** Whether no job that was not looked at may be under way. */
  isWhole: boolean;
}

/**
 * The jobs of two lists, oldest first, that may be under way. A search by state finds a job of one task as pending until it has
 * ended, and says of each whether it runs. Where that is unknown, any of them may run, unless nobody runs its type.
 */
export function mayBeUnderWay<Job extends Listed>(running: CountedPage<Job>, pending: Page<Job>): Candidates<Job> {
  const isKnown = pending.begun_unknown !== true;
  const begun = pending.items.filter(isKnown ? ({ status }) => status === 'running' : mayHaveBegun);
  const askedAsRunning = running.items.slice(0, underWayMax);
  const isFull = pending.items.length >= pendingMax;
  const begunUnasked = Math.max(0, begun.length - underWayMax);
  return {
    asked: [...askedAsRunning, ...begun.slice(0, underWayMax)],
    unasked: Math.max(0, (running.pagination.total ?? 0) - askedAsRunning.length) + (isKnown ? begunUnasked : 0),
    isCapped: running.pagination.total_is_capped || isFull || !isKnown,
    isWhole: isKnown && !isFull && begunUnasked === 0,
  };
}

function mayHaveBegun(job: Listed): boolean {
  return job.total_tasks === 1 && !isUnserved(job);
}

/** Those that are under way as they are now: the oldest are shown, and the others are counted with those that were not asked for. */
export function underWayOf<Job extends Pick<BatchJob, 'status' | 'created_at'>>(
  asIs: readonly Job[],
  unasked: number,
): { jobs: Job[]; others: number } {
  const underWay = asIs
    .filter(({ status }) => status === 'running' || status === 'recovering')
    .sort((one, other) => one.created_at.localeCompare(other.created_at));
  const jobs = underWay.slice(0, underWayMax);
  return { jobs, others: unasked + underWay.length - jobs.length };
}
