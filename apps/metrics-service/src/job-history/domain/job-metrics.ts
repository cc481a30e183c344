import { type BatchJob, type JobInfo, type TaskCounts, type TaskState } from '@kintsugi/contracts';
import type { JobRow } from './job-row.js';

type JobMetrics = NonNullable<JobInfo['metrics']>;

/** States of tasks that ran and will not run again by themselves. */
const workedOff: readonly TaskState[] = ['succeeded', 'dead', 'quarantined', 'outcome_unknown'];

/**
 * How a job went, or goes: times from the job as it was at a time, the figures of its tasks from its last ending, which
 * are empty until it has ended once.
 */
export function metricsOf(job: BatchJob, row: JobRow | null, asOf: Date): JobMetrics {
  const ending = row?.ending ?? null;
  const durationMs = job.started_at === null ? null : elapsedMs(job.started_at, job.finished_at ?? asOf.toISOString());
  return {
    duration_ms: durationMs,
    throughput_per_s: throughputPerSecond(job.task_counts, durationMs),
    task_ms_p50: ending?.task_ms?.p50_ms ?? null,
    task_ms_p99: ending?.task_ms?.p99_ms ?? null,
    submit_to_done_ms_p50: ending?.submit_to_done_ms?.p50_ms ?? null,
    submit_to_done_ms_p99: ending?.submit_to_done_ms?.p99_ms ?? null,
    retries: ending?.retries ?? 0,
    recovered: ending?.recovered ?? 0,
    first_try_share: ending && ending.total_tasks ? ending.first_try / ending.total_tasks : null,
  };
}

function elapsedMs(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from));
}

function throughputPerSecond(counts: TaskCounts, durationMs: number | null): number | null {
  if (durationMs === null || durationMs === 0) return null;
  const finished = workedOff.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  return (finished * 1000) / durationMs;
}
