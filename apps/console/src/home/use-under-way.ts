import type { BatchJob, JobHistoryPage, JobStatus } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { RequestProblem } from '../api/problem.js';
import { act, get } from '../api/request.js';
import { mayBeUnderWay, pendingMax, underWayMax, underWayOf } from './domain/under-way.js';

const everyMs = 10_000;

/** Jobs that are under way, the oldest first, each as it is now: lists do not tell what was run again. */
export function useUnderWay() {
  return useQuery({
    queryKey: ['jobs', 'under way', 'home'],
    queryFn: async ({ signal }) => {
      const [running, pending] = await Promise.all([
        oldest(['running', 'recovering'], underWayMax, signal),
        oldest(['pending'], pendingMax, signal),
      ]);
      const { asked, unasked, isCapped, isWhole } = mayBeUnderWay(running, pending);
      const asIs = (await Promise.all(asked.map((job) => asItIs(job, signal)))).flatMap((job) => job ?? []);
      return { ...underWayOf(asIs, unasked), isCapped, isWhole };
    },
    refetchInterval: everyMs,
  });
}

/** Null for one that was deleted meanwhile. */
async function asItIs({ id }: BatchJob, signal: AbortSignal): Promise<BatchJob | null> {
  try {
    return await get<BatchJob>(`/v1/jobs/${encodeURIComponent(id)}`, {}, signal);
  } catch (error) {
    if (error instanceof RequestProblem && error.status === 404) return null;
    throw error;
  }
}

function oldest(status: JobStatus[], count: number, signal: AbortSignal): Promise<JobHistoryPage> {
  const input = { filters: { status }, sort: { order: 'asc' as const }, pagination: { page: 1, per_page: count } };
  return act('/job-operations', 'fetchJobHistory', input, signal);
}
