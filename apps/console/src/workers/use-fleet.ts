import type { Fleet } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { get } from '../api/request.js';

const everyMs = 3_000;

/** Who runs the tasks, what waits for them, and how fast it goes. */
export function useFleet(enabled = true) {
  return useQuery({
    queryKey: ['fleet'],
    queryFn: ({ signal }) => get<Fleet>('/v1/fleet', {}, signal),
    refetchInterval: everyMs,
    enabled,
  });
}
