import type { FailureAnalysis } from '@kintsugi/contracts';
import { TimeHistogram, survivalQuantile, type Observation } from '@kintsugi/statistics';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import { KindSum, RetrySum, counterOf, noStatuses } from './analysis-sums.js';

/** What an analysis looks at of the record of a failed task. */
export type AnalysedRecord = Pick<
  StoredErrorRecord,
  | 'job_id'
  | 'job_type'
  | 'error_type'
  | 'timestamp'
  | 'recovery_status'
  | 'phase'
  | 'retry_count'
  | 'failed_runs'
  | 'group_id'
  | 'group_title'
  | 'closed_at'
>;

interface GroupSum {
  title: string;
  error_type: string;
  tasks: number;
  jobs: Set<string>;
  last_seen: string;
}

type Sums = Omit<FailureAnalysis, 'period' | 'failure_rate'>;

const kindsMax = 50;
const groupsMax = 10;
const attemptsMax = 20;
/** Seconds from which on a retry is one of those that waited so long. */
const delayBounds = [0, 1, 5, 15, 60, 300, 1_800, 7_200, 43_200] as const;

/** Sums up failed tasks that are told to it one by one. */
export class FailureAnalyst {
  private readonly totals = { tasks: 0, failed_runs: 0, retries: 0 };
  private readonly byStatus = noStatuses();
  private readonly jobs = new Set<string>();
  private readonly errorTypes = new Map<string, KindSum>();
  private readonly jobTypes = new Map<string, KindSum>();
  private readonly groups = new Map<string, GroupSum>();
  private readonly attempts = new Map<number, RetrySum>();
  private readonly delays = new Map<number, RetrySum>();
  private readonly observations: Observation[] = [];
  private readonly trend = new TimeHistogram(['failed_runs', 'recovered']);

  /** @param now in epoch milliseconds: until then, what has not recovered has been waiting */
  constructor(private readonly now: number) {}

  add(task: AnalysedRecord): void {
    const { recovery_status: status, timestamp, failed_runs: runs } = task;
    this.totals.tasks += 1;
    this.totals.failed_runs += runs.length;
    this.totals.retries += task.retry_count;
    this.byStatus[status] += 1;
    this.jobs.add(task.job_id);
    // Who runs a job elsewhere decides himself whether to try again.
    const isOurs = task.phase !== 'reported';
    counterOf(this.errorTypes, task.error_type, () => new KindSum()).add(status, runs.length, timestamp, isOurs);
    counterOf(this.jobTypes, task.job_type, () => new KindSum()).add(status, runs.length, timestamp, isOurs);
    this.addToGroup(task);
    this.addRetries(task);
    this.addTimes(task);
  }

  result(): Sums {
    const rising = this.observations.sort((one, other) => one.time - other.time);
    const recovered = this.byStatus.recovered;
    const inSeconds = (ms: number | null): number | null => (ms === null ? null : ms / 1_000);
    return {
      totals: { ...this.totals, jobs: this.jobs.size, by_status: { ...this.byStatus } },
      by_error_type: largest(this.errorTypes).map(([error_type, sum]) => ({ error_type, ...sum.result() })),
      by_job_type: largest(this.jobTypes).map(([job_type, sum]) => ({ job_type, ...sum.result() })),
      retry_success: {
        by_attempt: [...this.attempts]
          .sort(([one], [other]) => one - other)
          .slice(0, attemptsMax)
          .map(([attempt, sum]) => ({ attempt, ...sum.result() })),
        by_delay: delayBounds.flatMap((from_s, index) => {
          const sum = this.delays.get(from_s);
          return sum ? [{ from_s, to_s: delayBounds[index + 1] ?? null, ...sum.result() }] : [];
        }),
      },
      time_to_recover: {
        recovered,
        open: rising.length - recovered,
        median_s: inSeconds(survivalQuantile(rising, 0.5)),
        p95_s: inSeconds(survivalQuantile(rising, 0.95)),
      },
      top_groups: [...this.groups]
        .sort(([oneId, one], [otherId, other]) => other.tasks - one.tasks || (oneId < otherId ? -1 : 1))
        .slice(0, groupsMax)
        .map(([group_id, { jobs, ...group }]) => ({ group_id, ...group, jobs: jobs.size })),
      trend: this.trend.result(),
    };
  }

  private addToGroup({ group_id, group_title: title, error_type, job_id, timestamp }: AnalysedRecord): void {
    const group = counterOf(this.groups, group_id, () => ({ title, error_type, tasks: 0, jobs: new Set(), last_seen: '' }));
    group.tasks += 1;
    group.jobs.add(job_id);
    if (timestamp > group.last_seen) group.last_seen = timestamp;
  }

  /** A retry has failed where a later run did, and has helped where the task recovered with it. Of others it is not known. */
  private addRetries({ failed_runs: runs, recovery_status: status }: AnalysedRecord): void {
    runs.forEach(({ attempt, retry_delay_ms: delayMs }, index) => {
      if (delayMs === null) return;
      const isLast = index === runs.length - 1;
      if (isLast && status !== 'recovered') return;
      const bound = delayBounds.findLast((seconds) => delayMs >= seconds * 1_000) ?? 0;
      counterOf(this.attempts, attempt + 1, () => new RetrySum()).add(isLast);
      counterOf(this.delays, bound, () => new RetrySum()).add(isLast);
    });
  }

  private addTimes({ failed_runs: runs, timestamp, recovery_status: status, phase, closed_at: closedAt }: AnalysedRecord): void {
    for (const { failed_at } of runs) this.trend.add(Date.parse(failed_at), 'failed_runs');
    if (phase === 'reported') return;
    const first = Date.parse(runs[0]?.failed_at ?? timestamp);
    const hasRecovered = status === 'recovered';
    const until = closedAt?.getTime() ?? this.now;
    if (hasRecovered && closedAt) this.trend.add(until, 'recovered');
    this.observations.push({ time: Math.max(0, until - first), came: hasRecovered });
  }
}

function largest(sums: ReadonlyMap<string, KindSum>): [string, KindSum][] {
  return [...sums]
    .sort(([oneName, one], [otherName, other]) => other.size - one.size || (oneName < otherName ? -1 : 1))
    .slice(0, kindsMax);
}
