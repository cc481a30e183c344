import type { BatchJob, JobStatus } from '@kintsugi/contracts';
import type { JobDirectory } from '../directory/job-directory.js';
import type { JobRecords } from '../jobs/job-records.js';

/** What has become of the runs that were made of a job again. */
export interface RunsOfJob {
  /** The newest run; undefined where there is none. */
  last: string | undefined;
  /** Where it stands; undefined also where it was deleted. */
  status: JobStatus | undefined;
  /** Which run the next one would be. */
  retry_count: number;
}

export async function runsOf(view: BatchJob, jobs: JobRecords, directory: JobDirectory): Promise<RunsOfJob> {
  const runs = await jobs.retriesOf(view.id);
  const last = runs.at(-1);
  const status = last === undefined ? undefined : (await directory.open(last))?.status;
  return { last, status, retry_count: (view.retry_count ?? 0) + runs.length + 1 };
}
