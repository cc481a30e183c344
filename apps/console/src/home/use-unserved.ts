import type { Fleet, JobPage } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { act, get } from '../api/request.js';
import { openStatuses } from '../jobs/domain/open-jobs.js';
import { useSession } from '../session/session.js';
import { findUnserved, type Asks } from './domain/find-unserved.js';

const everyMs = 5_000;
/** Where they are too many for one list, which takes several questions. */
const everyOfManyMs = 15_000;
const perPage = 200;
const perType = 20;

/** Types of jobs that nobody runs. */
export function useUnserved() {
  // The fleet is of all tenants: who is bound to one is not told.
  const seesFleet = useSession().data?.tenant === null;
  return useQuery({
    queryKey: ['jobs', 'unserved', seesFleet],
    queryFn: ({ signal }) => lookOnce(seesFleet, signal),
    refetchInterval: ({ state }) => (state.data?.isOfMany ? everyOfManyMs : everyMs),
  });
}

async function lookOnce(seesFleet: boolean, signal: AbortSignal) {
  let isOfMany = false;
  const asks: Asks = {
    open: async (cursor) => {
      const page = await get<JobPage>('/v1/jobs', { status: openStatuses.join(','), limit: perPage, cursor }, signal);
      isOfMany ||= page.next_cursor !== null;
      return page;
    },
    fleet: seesFleet ? () => get<Fleet>('/v1/fleet', {}, signal) : null,
    ofType: (type) => {
      const pagination = { page: 1, per_page: perType };
      const input = { filters: { type, status: [...openStatuses] }, sort: { order: 'asc' as const }, pagination };
      return act('/job-operations', 'fetchJobHistory', input, signal);
    },
  };
  return { ...(await findUnserved(asks)), isOfMany };
}
