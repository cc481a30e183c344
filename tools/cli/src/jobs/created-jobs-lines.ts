import { isPreview, type CreatedJobs } from '@kintsugi/contracts';
import { plural } from '../terminal/quantities.js';
import { harmless } from '../terminal/text-width.js';

/** What became of jobs that were submitted together, for a person. */
export function createdJobsLines({ accepted, refused, jobs }: CreatedJobs): string[] {
  const summary = `${plural(accepted, 'job')} accepted${refused === 0 ? '' : `, ${refused} refused`}`;
  const lines = jobs.map((entry, index) => {
    if (!entry.accepted) return `jobs[${index}]  ${entry.problem.code}: ${harmless(entry.problem.detail)}`;
    if (isPreview(entry.job)) return `jobs[${index}]  would be accepted`;
    return `jobs[${index}]  ${entry.job.job_id}${entry.job.replayed ? ', accepted before' : ''}`;
  });
  return [summary, ...lines];
}
