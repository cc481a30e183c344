import type { RetryConfigDetails } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { get } from '../api/request.js';

/** What holds for an error type, and how that was changed. */
export function usePolicy(errorType: string) {
  return useQuery({
    queryKey: ['policies', errorType],
    queryFn: ({ signal }) => get<RetryConfigDetails>(`/v1/retry-configs/${encodeURIComponent(errorType)}`, {}, signal),
  });
}
