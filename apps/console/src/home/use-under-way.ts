import type { BatchJob, JobHistoryPage, JobStatus } from '@kintsugi/contracts';
import { useQueries, useQuery } from '@tanstack/react-query';
import { act, get } from '../api/request.js';
import { mayBeUnderWay, underWayMax, underWayOf } from './domain/under-way.js';

const everyMs = 5_000;
const pendingMax = 50;

/** Jobs that are under way, the oldest first, each as it is now: lists tell neither that of single tasks nor what was run again. */
export function useUnderWay() {
  const listed = useQuery({
    queryKey: ['jobs', 'under way', 'home'],
    queryFn: async ({ signal }) => {
      const [running, pending] = await Promise.all([
        oldest(['running', 'recovering'], underWayMax, signal),
        oldest(['pending'], pendingMax, signal),
      ]);
      return mayBeUnderWay(running.items, pending.items);
    },
    refetchInterval: everyMs,
  });
  const now = useQueries({
    queries: (listed.data ?? []).map(({ id }) => ({
      queryKey: ['job', id],
      queryFn: ({ signal }: { signal: AbortSignal }) => get<BatchJob>(`/v1/jobs/${encodeURIComponent(id)}`, {}, signal),
      refetchInterval: everyMs,
    })),
  });
  return { listed, jobs: underWayOf((listed.data ?? []).map((job, index) => now[index]?.data ?? job)) };
}

function oldest(status: JobStatus[], count: number, signal: AbortSignal): Promise<JobHistoryPage> {
  const input = { filters: { status }, sort: { order: 'asc' as const }, pagination: { page: 1, per_page: count } };
  return act('/job-operations', 'fetchJobHistory', input, signal);
}
