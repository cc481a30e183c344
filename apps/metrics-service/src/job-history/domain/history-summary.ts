import { brokenTaskStates, type HistoryAggregations, type JobStatus } from '@kintsugi/contracts';
import { TimeHistogram, quantileOf, wilsonInterval } from '@kintsugi/statistics';
import type { JobRow } from './job-row.js';
import { hasEnded, stateOf } from './job-state.js';

export type Aggregation = 'success_rate' | 'avg_duration' | 'error_rate' | 'histogram';

/** Sums up jobs that are told to it one by one. For exact quantiles, where they are asked for, it keeps eight bytes of each that has ended. */
export class HistorySummary {
  private readonly counted: HistoryAggregations['counted'] = {
    jobs: 0,
    completed: 0,
    failed: 0,
    cancelled: 0,
    unfinished: 0,
    runs: 0,
    failed_runs: 0,
  };
  private readonly durations: number[] = [];
  private readonly histogram = new TimeHistogram(['jobs', 'completed', 'failed']);

  constructor(private readonly asked: Readonly<Record<Aggregation, boolean>>) {}

  add(row: JobRow): void {
    const { status, duration_ms: duration, task_counts: counts, detailed_status } = stateOf(row);
    this.counted.jobs += 1;
    if (this.asked.histogram) this.histogram.add(row.head?.created_at ?? 0, 'jobs', ...judged(status));
    if (!hasEnded(row) || !row.ending) {
      this.counted.unfinished += 1;
      return;
    }
    this.counted[row.ending.status] += 1;
    if (this.asked.avg_duration && duration !== null) this.durations.push(duration);
    const tasksRun = ['succeeded' as const, ...brokenTaskStates].reduce((sum, state) => sum + (counts[state] ?? 0), 0);
    // Who runs a job elsewhere reports its errors and not its runs.
    if (row.head?.executor === 'external') return;
    // A cancelled task may have failed before, and is in no state that tells: no more runs have failed than there were.
    this.counted.runs += Math.max(tasksRun + row.ending.retries, detailed_status.error_count);
    this.counted.failed_runs += detailed_status.error_count;
  }

  result(): HistoryAggregations {
    const { completed, failed, runs, failed_runs: failedRuns } = this.counted;
    return {
      counted: { ...this.counted },
      ...(this.asked.success_rate
        ? { success_rate: rateOf(completed, completed + failed), success_interval: wilsonInterval(completed, completed + failed) }
        : {}),
      ...(this.asked.avg_duration ? durationsOf(this.durations) : {}),
      ...(this.asked.error_rate
        ? { error_rate: rateOf(failedRuns, runs), error_interval: wilsonInterval(failedRuns, runs) }
        : {}),
      ...(this.asked.histogram ? { histogram: this.histogram.result() } : {}),
    };
  }
}

/** What the outcome is counted under beside all jobs. */
function judged(status: JobStatus): ('completed' | 'failed')[] {
  return status === 'completed' || status === 'failed' ? [status] : [];
}

function rateOf(hits: number, trials: number): number | null {
  return trials === 0 ? null : hits / trials;
}

function durationsOf(durations: readonly number[]): Pick<HistoryAggregations, 'avg_duration' | 'duration_ms'> {
  const rising = Float64Array.from(durations).sort();
  const at = (share: number): number => quantileOf(rising, share) ?? 0;
  if (rising.length === 0) return { avg_duration: null, duration_ms: null };
  return {
    avg_duration: rising.reduce((sum, duration) => sum + duration, 0) / rising.length,
    duration_ms: { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) },
  };
}
