import { DEFAULT_TENANT, brokenTaskStates, type JobStatus } from '@kintsugi/contracts';
import type { Ending, JobRow } from './job-row.js';
import { hasEnded, stateOf } from './job-state.js';

/** Fields of a job that figures can be narrowed and parted by. */
export const figureFields = ['type', 'product_id', 'sending_group_id', 'user_id', 'tenant'] as const;

export type FigureField = (typeof figureFields)[number];

/** What one job adds to sums. */
export interface JobFigures {
  /** Epoch milliseconds. */
  created_at: number;
  status: JobStatus;
  /** How it ended; null while it has not. */
  outcome: Ending['status'] | null;
  /** Milliseconds from the first run to the end; null where it has not ended or nothing ran. */
  duration_ms: number | null;
  /** Runs of its tasks, and those that failed. */
  runs: number;
  failed_runs: number;
}

export function figuresOf(row: JobRow): JobFigures {
  const { status, duration_ms, task_counts: counts, detailed_status } = stateOf(row);
  const created_at = row.head?.created_at ?? 0;
  if (!hasEnded(row) || !row.ending) return { created_at, status, outcome: null, duration_ms, runs: 0, failed_runs: 0 };
  const { ending } = row;
  // Who runs a job elsewhere reports its errors and not its runs.
  if (row.head?.executor === 'external') {
    return { created_at, status, outcome: ending.status, duration_ms, runs: 0, failed_runs: 0 };
  }
  const tasksRun = ['succeeded' as const, ...brokenTaskStates].reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  const failed_runs = detailed_status.error_count;
  // A cancelled task may have failed before, and is in no state that tells: no more runs have failed than there were.
  const runs = Math.max(tasksRun + ending.retries, failed_runs);
  return { created_at, status, outcome: ending.status, duration_ms, runs, failed_runs };
}

/** The value of a field by which a job is narrowed or parted. */
export function fieldOf({ head }: JobRow, field: FigureField): string {
  return head?.[field] ?? (field === 'tenant' ? DEFAULT_TENANT : '');
}
