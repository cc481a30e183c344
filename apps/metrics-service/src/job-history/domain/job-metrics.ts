import {
  brokenTaskStates,
  endedTaskStates,
  type BatchJob,
  type JobInfo,
  type RunStats,
  type TaskCounts,
  type TaskState,
} from '@kintsugi/contracts';

/** What it used is told by who has sampled it. */
type JobMetrics = Omit<NonNullable<JobInfo['metrics']>, 'cpu_cores' | 'memory_mib'>;

/** States of tasks that ran and will not run again by themselves. */
const workedOff: readonly TaskState[] = ['succeeded', ...brokenTaskStates];

/** How a job went, or goes, as it was at a time. `stats` are what its runs add up to by then, null where nobody knows. */
export function metricsOf(job: BatchJob, stats: RunStats | null, asOf: Date): JobMetrics {
  const durationMs = job.started_at === null ? null : elapsedMs(job.started_at, job.finished_at ?? asOf.toISOString());
  const tasksEnded = sumOf(job.task_counts, endedTaskStates);
  return {
    duration_ms: durationMs,
    throughput_per_s: throughputPerSecond(job.task_counts, durationMs),
    task_ms_p50: stats?.task_ms?.p50_ms ?? null,
    task_ms_p99: stats?.task_ms?.p99_ms ?? null,
    submit_to_done_ms_p50: stats?.submit_to_done_ms?.p50_ms ?? null,
    submit_to_done_ms_p99: stats?.submit_to_done_ms?.p99_ms ?? null,
    retries: stats?.retries ?? null,
    recovered: stats?.recovered ?? null,
    first_try_share: stats && tasksEnded > 0 ? stats.first_try / tasksEnded : null,
  };
}

function elapsedMs(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from));
}

function throughputPerSecond(counts: TaskCounts, durationMs: number | null): number | null {
  if (durationMs === null || durationMs === 0) return null;
  return (sumOf(counts, workedOff) * 1000) / durationMs;
}

function sumOf(counts: TaskCounts, states: readonly TaskState[]): number {
  return states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
}
