import type { BatchJob, finishedJobStatuses, JobEnding, CreatedJob, JobStatus, TaskCounts } from '@kintsugi/contracts';

/** All times of a row are epoch milliseconds. */
export type JobHead = Omit<CreatedJob, 'job_id' | 'created_at'> & { created_at: number };

export type Ending = Omit<JobEnding, 'job_id' | 'started_at' | 'finished_at' | 'status'> & {
  /** When job-service noted the end: what orders it among the other facts, by one clock. */
  at: number;
  /** When the last task ended, by the clock of its worker. */
  finished_at: number;
  status: (typeof finishedJobStatuses)[number];
  started_at: number | null;
};

export interface Recovery {
  at: number;
  status: JobStatus;
}

/** A person has paused the job, or lets it go on. */
export interface Hold {
  at: number;
  status: JobStatus;
}

export interface Progress {
  at: number;
  status: JobStatus;
  task_counts: TaskCounts;
  detailed_status: BatchJob['detailed_status'];
}

/**
 * What the events of one job say, each kind in a slot of its own. A slot keeps the latest fact of its kind by the
 * time of its event and never looks at another slot, so events may come late, twice and in any order. What the facts
 * amount to is read from them in job-state.
 */
export interface JobRow {
  job_id: string;
  /** null while `job.created` has not arrived. */
  head: JobHead | null;
  total_tasks: number | null;
  first_started_at: number | null;
  last_started_at: number | null;
  progress: Progress | null;
  ending: Ending | null;
  recovery: Recovery | null;
  /** The priority that a person has set last; missing where nobody has. */
  priority?: { at: number; priority: number } | null;
  /** The job was deleted: what the row knew is gone, and whatever is told of the job later is not taken in. */
  deleted?: { at: number };
  /** Missing in rows from before jobs could be paused. */
  hold?: Hold | null;
}

export function emptyRow(jobId: string): JobRow {
  return {
    job_id: jobId,
    head: null,
    total_tasks: null,
    first_started_at: null,
    last_started_at: null,
    progress: null,
    ending: null,
    recovery: null,
    hold: null,
  };
}

/**
 * Since when a job that is under way could go on, in epoch milliseconds: nobody meant it to before its time, while it was held, or once
 * it had failed until it was recovered.
 */
export function couldGoOnSince({ head, hold, recovery }: JobRow): number {
  return Math.max(head?.created_at ?? 0, Date.parse(head?.run_at ?? '') || 0, hold?.at ?? 0, recovery?.at ?? 0);
}

/**
 * One row that knows what both know: commutative, associative and idempotent. It is `known` itself when `news` adds
 * nothing, so that a caller can tell that nothing need be written.
 */
export function joinRows(known: JobRow, news: JobRow): JobRow {
  if (known.deleted || news.deleted) return joinDeleted(known, news);
  const joined: JobRow = {
    job_id: known.job_id,
    head: known.head ?? news.head,
    total_tasks: pick(known.total_tasks, news.total_tasks, (a, b) => b - a),
    first_started_at: pick(known.first_started_at, news.first_started_at, (a, b) => a - b),
    last_started_at: pick(known.last_started_at, news.last_started_at, (a, b) => b - a),
    progress: pick(known.progress, news.progress, laterFirst),
    ending: pick(known.ending, news.ending, laterFirst),
    recovery: pick(known.recovery, news.recovery, laterFirst),
    ...priorityIn(known, news),
    hold: pick(known.hold ?? null, news.hold ?? null, laterFirst),
  };
  return isSame(known, joined) ? known : joined;
}

/** Most rows have none: they do not name it either. */
function priorityIn(known: JobRow, news: JobRow): Pick<JobRow, 'priority'> {
  const priority = pick(known.priority ?? null, news.priority ?? null, laterFirst);
  return priority ? { priority } : {};
}

/** The row of a deleted job, which says since when it is and no more. */
export function deletedRow(jobId: string, at: number): JobRow {
  return { ...emptyRow(jobId), deleted: { at } };
}

function joinDeleted(known: JobRow, news: JobRow): JobRow {
  const at = Math.min(known.deleted?.at ?? Infinity, news.deleted?.at ?? Infinity);
  return known.deleted?.at === at ? known : deletedRow(known.job_id, at);
}

/** The one that comes first in the given order; `known` when neither does. */
function pick<Slot>(known: Slot | null, news: Slot | null, order: (a: Slot, b: Slot) => number): Slot | null {
  if (known === null || news === null) return known ?? news;
  return order(news, known) < 0 ? news : known;
}

/** Two facts of one millisecond are put in an order too, whichever: the same one must win wherever they meet. */
function laterFirst(a: { at: number }, b: { at: number }): number {
  return b.at - a.at || compareText(JSON.stringify(a), JSON.stringify(b));
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function isSame(a: JobRow, b: JobRow): boolean {
  return (
    a.head === b.head &&
    a.total_tasks === b.total_tasks &&
    a.first_started_at === b.first_started_at &&
    a.last_started_at === b.last_started_at &&
    a.progress === b.progress &&
    a.ending === b.ending &&
    a.recovery === b.recovery &&
    (a.hold ?? null) === (b.hold ?? null) &&
    (a.priority ?? null) === (b.priority ?? null)
  );
}
