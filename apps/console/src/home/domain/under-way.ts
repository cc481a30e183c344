import type { BatchJob } from '@kintsugi/contracts';

/** Jobs that are shown. */
export const underWayMax = 5;
/** Jobs that are listed as pending among which single tasks are looked for. */
export const pendingMax = 50;

type Listed = Pick<BatchJob, 'total_tasks' | 'waiting_reason'>;

/**
 * The jobs of two lists, oldest first, that may be under way. A list calls a job of one task pending until it has ended,
 * so the oldest of those belong to them, unless nobody runs their type. `isWhole` tells that no other may be.
 */
export function mayBeUnderWay<Job extends Listed>(
  running: readonly Job[],
  pending: readonly Job[],
): { jobs: Job[]; isWhole: boolean } {
  const single = pending.filter(({ total_tasks, waiting_reason }) => total_tasks === 1 && waiting_reason !== 'NO_WORKER');
  return {
    jobs: [...running.slice(0, underWayMax), ...single.slice(0, underWayMax)],
    isWhole: pending.length < pendingMax && single.length <= underWayMax,
  };
}

/** Those that are under way as they are now, the oldest first. */
export function underWayOf<Job extends Pick<BatchJob, 'status' | 'created_at'>>(jobs: readonly Job[]): Job[] {
  return jobs
    .filter(({ status }) => status === 'running' || status === 'recovering')
    .sort((one, other) => one.created_at.localeCompare(other.created_at))
    .slice(0, underWayMax);
}
