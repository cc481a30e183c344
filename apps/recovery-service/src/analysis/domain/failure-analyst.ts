import { recoveryStatuses, type FailureAnalysis } from '@kintsugi/contracts';
import { TimeHistogram, survivalQuantile } from '@kintsugi/statistics';
import { isInPart, type AnalysedPart } from './analysed-part.js';
import { KindSum, NumberedNames, RetrySum, counterOf, noStatuses } from './analysis-sums.js';
import type { FailureColumns } from './failure-columns.js';
import { GrowingNumbers } from './growing-numbers.js';

interface GroupSum {
  id: string;
  tasks: number;
  last: number;
}

/** A group by its id: what it is called is told by its records. */
export type AnalysedGroup = Omit<FailureAnalysis['top_groups'][number], 'title' | 'error_type'>;

type Sums = Omit<FailureAnalysis, 'period' | 'failure_rate' | 'top_groups'> & { top_groups: AnalysedGroup[] };

const kindsMax = 50;
const groupsMax = 10;
const attemptsMax = 20;
/** Seconds from which on a retry is one of those that waited so long. */
const delayBounds = [0, 1, 5, 15, 60, 300, 1_800, 7_200, 43_200] as const;

/** Sums up failed tasks that are told to it in columns, as far as they are in a part. */
export class FailureAnalyst {
  private readonly totals = { tasks: 0, failed_runs: 0, retries: 0 };
  private readonly byStatus = noStatuses();
  private readonly errorTypes = new Map<string, KindSum>();
  private readonly jobTypes = new Map<string, KindSum>();
  private readonly jobs = new Map<string, number>();
  private readonly groups = new Map<string, number>();
  private readonly groupSums: GroupSum[] = [];
  /** The group and the job of each task: only of the largest groups it is asked how many jobs they have. */
  private readonly groupOfTask = new GrowingNumbers();
  private readonly jobOfTask = new GrowingNumbers();
  private readonly attempts = new Map<number, RetrySum>();
  private readonly delays = new Map<number, RetrySum>();
  private readonly came = new GrowingNumbers();
  private readonly open = new GrowingNumbers();
  private readonly trend = new TimeHistogram(['failed_runs', 'recovered']);

  /** @param now in epoch milliseconds: until then, what has not recovered has been waiting */
  constructor(
    private readonly part: AnalysedPart,
    private readonly now: number,
  ) {}

  add(columns: FailureColumns): void {
    const isWanted = isInPart(columns, this.part);
    const errorTypes = new NumberedNames(columns.names.error_types, (name) =>
      counterOf(this.errorTypes, name, () => new KindSum()),
    );
    const jobTypes = new NumberedNames(columns.names.job_types, (name) => counterOf(this.jobTypes, name, () => new KindSum()));
    const jobs = new NumberedNames(columns.names.jobs, (name) => counterOf(this.jobs, name, () => this.jobs.size));
    const groups = new NumberedNames(columns.names.groups, (name) => this.groupNumber(name));
    const [failures, recoveries] = [new GrowingNumbers(), new GrowingNumbers()];
    let run = 0;
    for (let task = 0; task < columns.at.length; task += 1) {
      const [first, runs] = [run, columns.runs[task] ?? 0];
      run += runs;
      if (!isWanted(task)) continue;
      const at = columns.at[task] ?? NaN;
      const status = recoveryStatuses[columns.status[task] ?? 0] ?? 'pending';
      // Who runs a job elsewhere decides himself whether to try again.
      const isOurs = columns.reported[task] === 0;
      this.totals.tasks += 1;
      this.totals.failed_runs += runs;
      this.totals.retries += columns.retries[task] ?? 0;
      this.byStatus[status] += 1;
      errorTypes.at(columns.error_type[task]).add(status, runs, at, isOurs);
      jobTypes.at(columns.job_type[task]).add(status, runs, at, isOurs);
      this.addToGroup(groups.at(columns.group[task]), jobs.at(columns.job[task]), at);
      this.addRetries(columns, first, run, status === 'recovered');
      for (let each = first; each < run; each += 1) failures.push(columns.failed_at[each] ?? NaN);
      if (!isOurs) continue;
      const closedAt = columns.closed_at[task] ?? NaN;
      const until = Number.isNaN(closedAt) ? this.now : closedAt;
      const began = runs > 0 ? (columns.failed_at[first] ?? NaN) : at;
      (status === 'recovered' ? this.came : this.open).push(Math.max(0, until - began));
      if (status === 'recovered' && !Number.isNaN(closedAt)) recoveries.push(closedAt);
    }
    this.trend.addAll(failures.all(), 'failed_runs');
    this.trend.addAll(recoveries.all(), 'recovered');
  }

  result(): Sums {
    const observed = { came: this.came.all().sort(), open: this.open.all().sort() };
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
        recovered: this.byStatus.recovered,
        open: observed.open.length,
        median_s: inSeconds(survivalQuantile(observed, 0.5)),
        p95_s: inSeconds(survivalQuantile(observed, 0.95)),
      },
      top_groups: this.topGroups(),
      trend: this.trend.result(),
    };
  }

  private groupNumber(id: string): number {
    return counterOf(this.groups, id, () => this.groupSums.push({ id, tasks: 0, last: -Infinity }) - 1);
  }

  private addToGroup(group: number, job: number, at: number): void {
    const sum = this.groupSums[group];
    if (!sum) return;
    sum.tasks += 1;
    if (at > sum.last) sum.last = at;
    this.groupOfTask.push(group);
    this.jobOfTask.push(job);
  }

  private topGroups(): AnalysedGroup[] {
    const top = this.groupSums
      .toSorted((one, other) => other.tasks - one.tasks || (one.id < other.id ? -1 : 1))
      .slice(0, groupsMax);
    const jobsOf = new Map(top.map(({ id }) => [this.groups.get(id) ?? NaN, new Set<number>()]));
    const jobs = this.jobOfTask.all();
    this.groupOfTask.all().forEach((group, task) => jobsOf.get(group)?.add(jobs[task] ?? NaN));
    return top.map(({ id, tasks, last }) => ({
      group_id: id,
      tasks,
      jobs: jobsOf.get(this.groups.get(id) ?? NaN)?.size ?? 0,
      last_seen: new Date(last).toISOString(),
    }));
  }

  /** A retry has failed where a later run did, and has helped where the task recovered with it. Of others it is not known. */
  private addRetries({ attempt, delay_ms: delays }: FailureColumns, first: number, end: number, hasRecovered: boolean): void {
    for (let run = first; run < end; run += 1) {
      const delayMs = delays[run] ?? NaN;
      if (Number.isNaN(delayMs)) continue;
      const isLast = run === end - 1;
      if (isLast && !hasRecovered) return;
      counterOf(this.attempts, (attempt[run] ?? 0) + 1, () => new RetrySum()).add(isLast);
      counterOf(this.delays, boundOf(delayMs), () => new RetrySum()).add(isLast);
    }
  }
}

/** A loop: of a million tasks it is asked several million times. */
function boundOf(delayMs: number): number {
  let at = delayBounds.length - 1;
  while (at > 0 && delayMs < (delayBounds[at] ?? 0) * 1_000) at -= 1;
  return delayBounds[at] ?? 0;
}

function largest(sums: ReadonlyMap<string, KindSum>): [string, KindSum][] {
  return [...sums]
    .sort(([oneName, one], [otherName, other]) => other.size - one.size || (oneName < otherName ? -1 : 1))
    .slice(0, kindsMax);
}
