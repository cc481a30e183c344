import type { BatchJob } from '@kintsugi/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import { RequestProblem, describeFault } from '../api/problem.js';
import { act } from '../api/request.js';
import { notify } from '../display/notices.js';
import { actionOf, type JobDeed } from '../jobs/domain/job-progress.js';
import type { HistoryFilters } from '../jobs/domain/job-search.js';
import { isMeant } from './domain/bulk-deeds.js';
import { nothingDone, runBulk, type BulkProgress } from './domain/run-bulk.js';

const pageJobs = 100;
/** Requests at once: others have the same key and its rate. */
const width = 4;
const triesMax = 5;
const calmMs = 1_000;

/** Does something to all jobs of a search, one after another, and tells how it goes; null before it begins. */
export function useBulk(deed: JobDeed, filters: HistoryFilters) {
  const queries = useQueryClient();
  const [progress, tell] = useState<BulkProgress | null>(null);
  const isStopped = useRef(false);
  const run = useCallback(
    (jobs: number) => {
      tell(nothingDone);
      const work = runBulk<BatchJob>({
        next: async (cursor) => {
          const pagination = cursor === null ? { page: 1, per_page: pageJobs } : { cursor, per_page: pageJobs };
          const page = await act('/job-operations', 'fetchJobHistory', { filters, pagination });
          return { items: page.items, cursor: page.pagination.next_cursor };
        },
        isMeant: (job) => isMeant(deed, job),
        carryOut: (job) => patiently(() => act('/job-operations', actionOf[deed], { job_id: job.id })),
        describe: describeFault,
        onProgress: tell,
        isStopped: () => isStopped.current,
        // No more than was said and confirmed, whatever the search finds by now.
        ...{ itemsMax: jobs, width },
      });
      void work
        .catch((error: unknown) => notify(describeFault(error), true))
        .finally(() => void queries.invalidateQueries({ queryKey: ['jobs'] }));
    },
    [deed, filters, queries],
  );
  const stop = useCallback(() => {
    isStopped.current = true;
  }, []);
  return { progress, run, stop };
}

/** Waits where the platform asks for fewer requests. */
async function patiently(ask: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await ask();
      return;
    } catch (error) {
      if (!(error instanceof RequestProblem) || error.status !== 429 || tries === triesMax) throw error;
      await new Promise((calm) => setTimeout(calm, calmMs * tries));
    }
  }
}
