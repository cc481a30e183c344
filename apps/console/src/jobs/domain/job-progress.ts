import type { ActionName, BatchJob, JobStatus, TaskCounts } from '@kintsugi/contracts';

const broken = ['dead', 'quarantined', 'outcome_unknown'] as const;
const active = ['leased', 'running'] as const;

export interface Shares {
  good: number;
  bad: number;
  busy: number;
  off: number;
}

const sum = (counts: TaskCounts, states: readonly (keyof TaskCounts)[]): number =>
  states.reduce((total, state) => total + (counts[state] ?? 0), 0);

/** How much of a job has gone well, badly, and is under way, in percent of its tasks. */
export function sharesOf({ task_counts, total_tasks, detailed_status }: BatchJob): Shares {
  const counts = task_counts as TaskCounts;
  if (!total_tasks) return { good: detailed_status.progress_percentage, bad: 0, busy: 0, off: 0 };
  const share = (count: number): number => (100 * count) / total_tasks;
  return {
    good: share(sum(counts, ['succeeded'])),
    bad: share(sum(counts, broken)),
    busy: share(sum(counts, active)),
    off: share(sum(counts, ['cancelled', 'skipped'])),
  };
}

/** Milliseconds that a job has run, or has been running. */
export function durationOf({ started_at, finished_at }: BatchJob, now: number): number | null {
  return started_at === null
    ? null
    : Math.max(0, Date.parse(finished_at ?? new Date(now).toISOString()) - Date.parse(started_at));
}

export type JobDeed = 'retry' | 'pause' | 'resume' | 'cancel' | 'delete';

export const actionOf = {
  retry: 'retryJob',
  pause: 'pauseJob',
  resume: 'resumeJob',
  cancel: 'cancelJob',
  delete: 'deleteJob',
} as const satisfies Record<JobDeed, ActionName>;

const deeds: Record<JobStatus, JobDeed[]> = {
  scheduled: ['pause', 'cancel'],
  pending: ['pause', 'cancel'],
  running: ['pause', 'cancel'],
  recovering: ['pause', 'cancel'],
  paused: ['resume', 'cancel'],
  cancelling: [],
  completed: ['delete'],
  failed: ['retry', 'delete'],
  cancelled: ['delete'],
  deleting: [],
};

/** What cannot be taken back. */
export function isDestructive(deed: JobDeed): boolean {
  return deed === 'cancel' || deed === 'delete';
}

/** Whether a job in this state is over, unless it is retried or recovered. */
export function hasEnded(status: JobStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** What can be asked of a job as it stands. */
export function deedsFor({ status, executor }: Pick<BatchJob, 'status' | 'executor'>): JobDeed[] {
  return executor === 'external' ? deeds[status].filter((deed) => deed !== 'pause' || status === 'running') : deeds[status];
}

/** Whether something of a job may still be run, which its priority would be for. */
export function canBePrioritised({ status }: Pick<BatchJob, 'status'>): boolean {
  return !hasEnded(status) && status !== 'cancelling' && status !== 'deleting';
}

/** Whether a part of a job can be run again: it is over, and workers of the platform run it. */
export function canRerunPart({ status, executor }: Pick<BatchJob, 'status' | 'executor'>): boolean {
  return executor !== 'external' && hasEnded(status);
}

/** Whether a job waits for a worker that nobody offers to be. */
export function isUnserved({ waiting_reason }: Pick<BatchJob, 'waiting_reason'>): boolean {
  return waiting_reason === 'NO_WORKER';
}

/** Types of jobs that wait for a worker that nobody offers to be, most jobs first. */
export function unservedTypes(jobs: readonly Pick<BatchJob, 'type' | 'waiting_reason'>[]): { type: string; jobs: number }[] {
  return [...Map.groupBy(jobs.filter(isUnserved), ({ type }) => type)]
    .map(([type, ofType]) => ({ type, jobs: ofType.length }))
    .sort((one, other) => other.jobs - one.jobs);
}

/** What of a wait is worth a word beside the state: that nobody runs the type, or that the job cannot end, surely or perhaps. */
export function markOf(job: Pick<BatchJob, 'waiting_reason' | 'wedged'>): 'unserved' | 'wedged' | 'supposed' | null {
  if (isUnserved(job)) return 'unserved';
  if (!job.wedged) return null;
  return job.wedged.certain ? 'wedged' : 'supposed';
}
