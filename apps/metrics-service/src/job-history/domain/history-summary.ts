import type { HistoryAggregations, JobStatus } from '@kintsugi/contracts';
import { TimeHistogram, quantileOf, wilsonInterval } from '@kintsugi/statistics';
import type { FigureField, JobFigures } from './job-figures.js';

/** What is asked to be summed up. */
export interface Aggregations {
  success_rate: boolean;
  avg_duration: boolean;
  error_rate: boolean;
  histogram: boolean;
  group_by?: FigureField | undefined;
}

type Group = NonNullable<HistoryAggregations['groups']>[number];

/** Values of a field that are told, and those that are told apart at all: the jobs of later ones are in the sums only. */
const toldGroupsMax = 100;
const knownGroupsMax = 10_000;

/** Sums up jobs that are told to it one by one. For exact quantiles, where they are asked for, it keeps eight bytes of each that has ended. */
export class HistorySummary {
  private readonly total = new Sums();
  private readonly groups = new Map<string, Sums>();
  private readonly durations: number[] = [];
  private readonly histogram = new TimeHistogram(['jobs', 'completed', 'failed']);

  constructor(private readonly asked: Aggregations) {}

  /** @param group the value of the field that is asked for as `group_by` */
  add(job: JobFigures, group?: string): void {
    this.total.add(job);
    if (this.asked.histogram) this.histogram.add(job.created_at, 'jobs', ...judged(job.status));
    if (this.asked.avg_duration && job.duration_ms !== null) this.durations.push(job.duration_ms);
    if (group === undefined) return;
    const known = this.groups.get(group);
    if (known) known.add(job);
    else if (this.groups.size < knownGroupsMax) this.groups.set(group, new Sums(job));
  }

  get jobs(): number {
    return this.total.counted.jobs;
  }

  result(): HistoryAggregations {
    const { counted } = this.total;
    return {
      counted: { ...counted },
      ...(this.asked.success_rate ? { success_rate: this.total.successRate, success_interval: this.total.successInterval } : {}),
      ...(this.asked.avg_duration ? durationsOf(this.durations) : {}),
      ...(this.asked.error_rate
        ? {
            error_rate: rateOf(counted.failed_runs, counted.runs),
            error_interval: wilsonInterval(counted.failed_runs, counted.runs),
          }
        : {}),
      ...(this.asked.histogram ? { histogram: this.histogram.result() } : {}),
      ...(this.asked.group_by === undefined ? {} : { groups: this.toldGroups() }),
    };
  }

  /** Those with the most jobs first. */
  private toldGroups(): Group[] {
    const groups = [...this.groups].map(([value, sums]) => sums.asGroup(value));
    return groups.sort((one, other) => other.jobs - one.jobs || (one.value < other.value ? -1 : 1)).slice(0, toldGroupsMax);
  }
}

class Sums {
  readonly counted: HistoryAggregations['counted'] = {
    jobs: 0,
    completed: 0,
    failed: 0,
    cancelled: 0,
    unfinished: 0,
    runs: 0,
    failed_runs: 0,
  };
  private durationMs = 0;
  private timed = 0;

  constructor(first?: JobFigures) {
    if (first) this.add(first);
  }

  add({ outcome, duration_ms: duration, runs, failed_runs: failedRuns }: JobFigures): void {
    const { counted } = this;
    counted.jobs += 1;
    counted[outcome ?? 'unfinished'] += 1;
    counted.runs += runs;
    counted.failed_runs += failedRuns;
    if (duration === null) return;
    this.durationMs += duration;
    this.timed += 1;
  }

  get successRate(): number | null {
    return rateOf(this.counted.completed, this.counted.completed + this.counted.failed);
  }

  get successInterval(): Group['success_interval'] {
    return wilsonInterval(this.counted.completed, this.counted.completed + this.counted.failed);
  }

  asGroup(value: string): Group {
    const { counted, successRate: success_rate, successInterval: success_interval } = this;
    const error_rate = rateOf(counted.failed_runs, counted.runs);
    return { value, ...counted, success_rate, success_interval, error_rate, avg_duration: rateOf(this.durationMs, this.timed) };
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
