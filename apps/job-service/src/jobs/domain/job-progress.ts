import type { JobStatus, TaskCounts, TaskState } from '@kintsugi/contracts';
import { openTaskStates } from '../../tasks/domain/task-lifecycle.js';

export interface DetailedStatus {
  current_phase: string;
  progress_percentage: number;
  active_tasks: number;
  error_count: number;
}

export function sumOf(counts: TaskCounts, states: readonly TaskState[]): number {
  return states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
}

/** Tasks that keep a job from ending. */
export function openTasks(counts: TaskCounts): number {
  return sumOf(counts, openTaskStates);
}

/** Runs that failed, from what they failed with. */
export function errorCountOf(errorTypes: Readonly<Record<string, number>>): number {
  return Object.values(errorTypes).reduce((sum, count) => sum + count, 0);
}

/**
 * The spec's detailed status, derived from what is counted. `total` is null until a planned job has its tasks; `errors`
 * are the runs that failed, however their tasks stand now; `named` is the phase that one of them has named last.
 */
export function detailedStatusOf(
  status: JobStatus,
  counts: TaskCounts,
  total: number | null,
  errors: number,
  named?: string,
): DetailedStatus {
  const open = openTasks(counts);
  const done = total === null ? 0 : total - open;
  const share = total === null ? 0 : total === 0 ? 100 : (done / total) * 100;
  return {
    current_phase: phaseOf(status, counts, total, named),
    progress_percentage: Math.round(Math.max(0, Math.min(100, share)) * 10) / 10,
    active_tasks: sumOf(counts, ['leased', 'running']),
    error_count: errors,
  };
}

/** What the job is at, in one word: the phase between its states. */
function phaseOf(status: JobStatus, counts: TaskCounts, total: number | null, named?: string): string {
  if (status !== 'running' && status !== 'pending') return status;
  if (total === null) return status === 'pending' ? 'waiting_for_planner' : 'planning';
  if (status === 'pending') return 'queued';
  if (named !== undefined && sumOf(counts, ['leased', 'running']) > 0) return named;
  const moving = sumOf(counts, ['ready', 'leased', 'running']);
  return moving === 0 && sumOf(counts, ['failed', 'waiting_retry']) > 0 ? 'waiting_for_retries' : 'running_tasks';
}
