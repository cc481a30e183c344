import type { CancelledJobs } from './cancelled-jobs.js';
import { equalText } from './error-records-conformance.js';

/** What every keeper of cancelled jobs promises. `jobs` begins without any. */
export const cancelledJobPromises: [promise: string, hold: (jobs: CancelledJobs) => Promise<void>][] = [
  ['gives those of the given jobs that were cancelled, however often that was told', givesCancelled],
  ['takes in and looks for nothing', takesNothing],
  ['gives those that were deleted, which count as cancelled too', givesDeleted],
];

async function givesCancelled(jobs: CancelledJobs): Promise<void> {
  await jobs.add(['job_1', 'job_2'], new Date(1));
  await jobs.add(['job_2', 'job_3'], new Date(2));
  equalText([...(await jobs.among(['job_0', 'job_3', 'job_2', 'job_2'])).keys()].sort(), ['job_2', 'job_3']);
}

async function takesNothing(jobs: CancelledJobs): Promise<void> {
  await jobs.add([], new Date(1));
  equalText([...(await jobs.among([])).keys()], []);
  equalText([...(await jobs.among(['job_1'])).keys()], []);
}

async function deletedAmong(jobs: CancelledJobs, ...jobIds: string[]): Promise<string[]> {
  return [...(await jobs.among(jobIds))].flatMap(([jobId, end]) => (end === 'deleted' ? [jobId] : []));
}

async function givesDeleted(jobs: CancelledJobs): Promise<void> {
  await jobs.add(['job_1', 'job_2'], new Date(1));
  await jobs.addDeleted(['job_2', 'job_3'], new Date(2));
  equalText((await deletedAmong(jobs, 'job_1', 'job_2', 'job_3', 'job_4')).sort(), ['job_2', 'job_3']);
  equalText([...(await jobs.among(['job_1', 'job_2', 'job_3'])).keys()].sort(), ['job_1', 'job_2', 'job_3']);
  await jobs.add(['job_3'], new Date(3));
  equalText(await deletedAmong(jobs, 'job_3'), ['job_3']);
}
