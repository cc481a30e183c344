import type { JobStatus } from '@kintsugi/contracts';

/** Jobs with something to run that nobody keeps from it. */
export const openStatuses: readonly JobStatus[] = ['pending', 'running', 'recovering'];

/** What finds them in the search of jobs: those of a type, or all. */
export function openJobsQuery(type?: string): string {
  const status = `status:${openStatuses.join(',')}`;
  return type === undefined ? status : `type:${type} ${status}`;
}
