import {
  DEFAULT_TENANT,
  JOB_ABORTED,
  JOB_DEADLINE,
  abortedError,
  deadlineError,
  everyCount,
  type BatchJob,
  type JobStatus,
  type RunStats,
  type TaskCounts,
} from '@kintsugi/contracts';
import type { Ending, Hold, JobRow, Recovery } from './job-row.js';

/** What the facts of a row amount to. */
export interface JobState {
  status: JobStatus;
  task_counts: TaskCounts;
  detailed_status: BatchJob['detailed_status'];
  /** Epoch milliseconds. */
  finished_at: number | null;
  /** From the first start to the end. */
  duration_ms: number | null;
}

/**
 * A job that has ended stays ended, whatever progress is told of it, until it is recovered or started anew. Progress
 * counts from the last such reopening on.
 */
export function stateOf(row: JobRow): JobState {
  const reopening = reopeningOf(row);
  const { ending, progress, hold } = row;
  if (ending && (reopening === null || reopening.at <= ending.at)) {
    const { status, task_counts } = ending;
    const detailed_status = detailedStatusOf(ending);
    const finished_at = notBeforeCreation(row, ending.finished_at);
    return { status, task_counts, detailed_status, finished_at, duration_ms: durationMs(startOf(row), finished_at) };
  }
  const open = { finished_at: null, duration_ms: null };
  const held = (since: number): Hold | null => (hold && hold.at > since ? hold : null);
  if (progress && (reopening === null || progress.at >= reopening.at)) {
    const { task_counts, detailed_status } = progress;
    const status = held(progress.at)?.status ?? progress.status;
    const current_phase = status === progress.status ? detailed_status.current_phase : status;
    return { status, task_counts, detailed_status: { ...detailed_status, current_phase }, ...open };
  }
  const isToCome = row.head?.run_at !== undefined || row.head?.awaited_jobs !== undefined;
  const status = held(reopening?.at ?? 0)?.status ?? reopening?.status ?? (isToCome ? 'scheduled' : 'pending');
  // A recovered job has the tasks that it ended with until its first progress is told.
  const before = ending ? detailedStatusOf(ending) : { progress_percentage: 0, active_tasks: 0, error_count: 0 };
  return { status, task_counts: ending?.task_counts ?? {}, detailed_status: { ...before, current_phase: status }, ...open };
}

export function hasEnded(row: JobRow): boolean {
  return row.ending !== null && stateOf(row).finished_at !== null;
}

/** What the runs of a job add up to. The history hears of it with the end: null while a job has not ended, or runs again. */
export function runStatsOf(row: JobRow): RunStats | null {
  return hasEnded(row) ? row.ending : null;
}

/** When the newest fact of a row was so, in epoch milliseconds. */
export function newestFactAt({ head, first_started_at, last_started_at, progress, ending, recovery, ...row }: JobRow): number {
  const { hold, priority } = row;
  const begun = [head?.created_at, first_started_at, last_started_at];
  const times = [...begun, progress?.at, ending?.at, recovery?.at, hold?.at, priority?.at];
  return Math.max(0, ...times.filter((time) => typeof time === 'number'));
}

/** The job as every reader sees it, or null while its creation is not known. */
export function batchJobOf(row: JobRow): BatchJob | null {
  if (row.head === null) return null;
  const { created_at, ...head } = row.head;
  const { status, task_counts, detailed_status, finished_at } = stateOf(row);
  return {
    id: row.job_id,
    ...head,
    priority: row.priority?.priority ?? head.priority,
    tenant: head.tenant ?? DEFAULT_TENANT,
    status,
    task_counts: everyCount(task_counts),
    detailed_status,
    total_tasks: row.total_tasks,
    created_at: new Date(created_at).toISOString(),
    started_at: isoOf(startOf(row)),
    finished_at: isoOf(finished_at),
    ...(status === 'failed' && JOB_DEADLINE in (row.ending?.error_types ?? {}) ? { error: deadlineError(head.deadline_at) } : {}),
    ...(status === 'failed' && JOB_ABORTED in (row.ending?.error_types ?? {}) ? { error: abortedError } : {}),
  };
}

/**
 * The last fact after which the job ran (again). The start that the ending itself names is not one, even where the
 * clocks of two replicas put it after the end.
 */
function reopeningOf({ recovery, last_started_at, ending }: JobRow): Recovery | null {
  if (last_started_at === null || last_started_at === ending?.started_at) return recovery;
  if (recovery && recovery.at > last_started_at) return recovery;
  return { at: last_started_at, status: 'running' };
}

/** Of a job that has ended nothing is under way: it follows from how it ended. */
function detailedStatusOf({
  status,
  total_tasks,
  error_types,
  error_count,
  progress_percentage,
}: Ending): BatchJob['detailed_status'] {
  return {
    current_phase: status,
    progress_percentage: progress_percentage ?? (total_tasks === null ? 0 : 100),
    active_tasks: 0,
    error_count: error_count ?? Object.values(error_types).reduce((sum, count) => sum + count, 0),
  };
}

function startOf(row: JobRow): number | null {
  return row.first_started_at === null ? null : notBeforeCreation(row, row.first_started_at);
}

/** Whatever clock told it: nothing of a job happened before it was there. */
function notBeforeCreation({ head }: JobRow, time: number): number {
  return Math.max(time, head?.created_at ?? time);
}

function durationMs(from: number | null, to: number): number | null {
  return from === null ? null : Math.max(0, to - from);
}

function isoOf(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
