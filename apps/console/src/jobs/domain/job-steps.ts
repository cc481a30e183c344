import type { BatchJob } from '@kintsugi/contracts';
import { hasEnded } from './job-progress.js';

/** One thing that happened to a job; null where it is still to come. */
export interface JobStep {
  name: string;
  at: string | null;
  /** Milliseconds from the step before. */
  sinceMs: number | null;
}

/** The life of a job as far as its record and what was heard of it tell, oldest first. */
export function stepsOf(job: BatchJob, events: readonly { name: string; at: string }[]): JobStep[] {
  const heard = events
    .map(({ name, at }) => ({ name: name.replace(/^job\./, ''), at }))
    .filter(({ name }) => ['paused', 'resumed', 'recovered', 'reprioritised'].includes(name));
  const known = [
    { name: 'accepted', at: job.created_at },
    ...(job.run_at ? [{ name: 'due', at: job.run_at }] : []),
    ...(job.started_at ? [{ name: 'started', at: job.started_at }] : []),
    ...heard,
    ...(job.finished_at ? [{ name: hasEnded(job.status) ? job.status : 'ending', at: job.finished_at }] : []),
  ].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const steps = known.map(({ name, at }, index): JobStep => {
    const before = known[index - 1];
    return { name, at, sinceMs: before ? Date.parse(at) - Date.parse(before.at) : null };
  });
  return job.finished_at ? steps : [...steps, { name: job.started_at ? 'ending' : 'started', at: null, sinceMs: null }];
}
