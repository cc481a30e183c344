import { useInfiniteQuery, type QueryKey } from '@tanstack/react-query';

/** How often something is asked for again, which may hang on the pages of it that are shown; false: never. */
type Every<Page> = number | false | ((pages: readonly Page[]) => number | false);

/** A list of the platform, of which a further page is asked for where one wants it. */
export function usePaged<Page extends { next_cursor: string | null }>(
  queryKey: QueryKey,
  ask: (cursor: string | undefined, signal: AbortSignal) => Promise<Page>,
  everyMs: Every<Page> = false,
) {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => ask(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    refetchInterval: ({ state }) => (typeof everyMs === 'function' ? everyMs(state.data?.pages ?? []) : everyMs),
  });
}
