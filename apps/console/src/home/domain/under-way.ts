import type { BatchJob } from '@kintsugi/contracts';

/** Jobs that are shown. */
export const underWayMax = 5;
/** Jobs that are listed as pending among which single tasks are looked for. */
export const pendingMax = 200;

type Listed = Pick<BatchJob, 'status'>;

/**
 * The jobs of two lists, oldest first, that are under way. A search by state finds a job of one task as pending until it has
 * ended, and says of each whether it runs. `isWhole` tells that no other may be.
 */
export function mayBeUnderWay<Job extends Listed>(
  running: readonly Job[],
  pending: readonly Job[],
): { jobs: Job[]; isWhole: boolean } {
  const begun = pending.filter(({ status }) => status === 'running');
  return {
    jobs: [...running.slice(0, underWayMax), ...begun.slice(0, underWayMax)],
    isWhole: pending.length < pendingMax && begun.length <= underWayMax,
  };
}

/** How many more are listed as running than are shown; a list whose total is capped has at least as many. */
export function othersOf(
  { total, total_is_capped }: { total: number | null; total_is_capped: boolean },
  shown: number,
): { count: number; isCapped: boolean } {
  return { count: Math.max(0, (total ?? 0) - shown), isCapped: total_is_capped };
}

/** Those that are under way as they are now, the oldest first. */
export function underWayOf<Job extends Pick<BatchJob, 'status' | 'created_at'>>(jobs: readonly Job[]): Job[] {
  return jobs
    .filter(({ status }) => status === 'running' || status === 'recovering')
    .sort((one, other) => one.created_at.localeCompare(other.created_at))
    .slice(0, underWayMax);
}
