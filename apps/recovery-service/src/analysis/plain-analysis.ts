import { DEFAULT_TENANT, matchesErrorType, recoveryStatuses, type FailedRun } from '@kintsugi/contracts';
import { TimeHistogram } from '@kintsugi/statistics';
import type { AnalysedPart } from './domain/analysed-part.js';
import { rateOf } from './domain/analysis-sums.js';
import type { FailureAnalyst } from './domain/failure-analyst.js';
import type { AnalysedRecord } from './domain/failure-columns.js';

type Analysis = ReturnType<FailureAnalyst['result']>;

const bounds = [0, 1, 5, 15, 60, 300, 1_800, 7_200, 43_200];

/** What records add up to, each figure worked out for itself in the plainest way, for specs to hold an analysis against. */
export function plainAnalysis(records: readonly AnalysedRecord[], part: AnalysedPart, now: number): Analysis {
  const tasks = records.filter((record) => isRecordInPart(record, part));
  const runs = tasks.flatMap(({ failed_runs }) => failed_runs);
  const distinct = <Key>(some: readonly AnalysedRecord[], keyOf: (task: AnalysedRecord) => Key): number =>
    new Set(some.map(keyOf)).size;
  const retries = tasks.flatMap(outcomesOf);
  const attempts = [...new Set(retries.map(({ attempt }) => attempt))].sort((one, other) => one - other).slice(0, 20);
  const groups = [...Map.groupBy(tasks, ({ group_id }) => group_id)].map(([group_id, some]) => ({
    ...{ group_id, tasks: some.length, jobs: distinct(some, ({ job_id }) => job_id), last_seen: lastOf(some) },
  }));
  return {
    totals: {
      ...{ tasks: tasks.length, jobs: distinct(tasks, ({ job_id }) => job_id), failed_runs: runs.length },
      ...{ retries: tasks.reduce((sum, { retry_count: count }) => sum + count, 0), by_status: statusesOf(tasks) },
    },
    by_error_type: kindsOf(tasks, ({ error_type }) => error_type).map(({ name, ...kind }) => ({ error_type: name, ...kind })),
    by_job_type: kindsOf(tasks, ({ job_type }) => job_type).map(({ name, ...kind }) => ({ job_type: name, ...kind })),
    retry_success: {
      by_attempt: attempts.map((attempt) => ({ attempt, ...helped(retries.filter((retry) => retry.attempt === attempt)) })),
      by_delay: bounds.flatMap((from_s, at) => {
        const to_s = bounds[at + 1] ?? null;
        const some = retries.filter(({ delayMs }) => delayMs >= from_s * 1_000 && delayMs < (to_s ?? Infinity) * 1_000);
        return some.length === 0 ? [] : [{ from_s, to_s, ...helped(some) }];
      }),
    },
    time_to_recover: timesOf(tasks, now),
    top_groups: groups.sort((one, other) => other.tasks - one.tasks || (one.group_id < other.group_id ? -1 : 1)).slice(0, 10),
    trend: trendOf(tasks, runs),
  };
}

export function isRecordInPart(
  record: AnalysedRecord,
  { start, end, error_types, job_ids, tenant, closed_after }: AnalysedPart,
): boolean {
  const at = Date.parse(record.timestamp);
  return (
    at >= start.getTime() &&
    at < end.getTime() &&
    (error_types?.some((pattern) => matchesErrorType(pattern, record.error_type)) ?? true) &&
    (job_ids?.includes(record.job_id) ?? true) &&
    (tenant === undefined || tenant === (record.tenant ?? DEFAULT_TENANT)) &&
    !(closed_after && record.closed_at && record.closed_at <= closed_after)
  );
}

function statusesOf(tasks: readonly AnalysedRecord[]): Analysis['totals']['by_status'] {
  const counted = recoveryStatuses.map((status) => [status, tasks.filter(({ recovery_status: each }) => each === status).length]);
  return Object.fromEntries(counted) as Analysis['totals']['by_status'];
}

function lastOf(tasks: readonly AnalysedRecord[]): string {
  return (
    tasks
      .map(({ timestamp }) => timestamp)
      .sort()
      .at(-1) ?? ''
  );
}

function kindsOf(tasks: readonly AnalysedRecord[], nameOf: (task: AnalysedRecord) => string) {
  return [...Map.groupBy(tasks, nameOf)]
    .map(([name, some]) => {
      const ours = some.filter(({ phase }) => phase !== 'reported');
      const { recovered, failed } = statusesOf(ours);
      const decided = recovered + failed;
      return {
        ...{ name, tasks: some.length, failed_runs: some.flatMap(({ failed_runs }) => failed_runs).length },
        ...{ by_status: statusesOf(some), recovery: { decided, ...rateOf(recovered, decided) }, last_seen: lastOf(some) },
      };
    })
    .sort((one, other) => other.tasks - one.tasks || (one.name < other.name ? -1 : 1))
    .slice(0, 50);
}

/** Retries of a task whose outcome is known. */
function outcomesOf({ failed_runs: runs, recovery_status: status }: AnalysedRecord) {
  return runs.flatMap(({ attempt, retry_delay_ms: delayMs }, at) => {
    const isLast = at === runs.length - 1;
    return delayMs === null || (isLast && status !== 'recovered') ? [] : [{ attempt: attempt + 1, delayMs, hasHelped: isLast }];
  });
}

function helped(retries: readonly { hasHelped: boolean }[]) {
  const succeeded = retries.filter(({ hasHelped }) => hasHelped).length;
  return { tried: retries.length, succeeded, ...rateOf(succeeded, retries.length) };
}

function timesOf(tasks: readonly AnalysedRecord[], now: number): Analysis['time_to_recover'] {
  const watched = tasks
    .filter(({ phase }) => phase !== 'reported')
    .map(({ failed_runs: [first], timestamp, closed_at: closedAt, recovery_status: status }) => ({
      ms: Math.max(0, (closedAt?.getTime() ?? now) - Date.parse(first?.failed_at ?? timestamp)),
      came: status === 'recovered',
    }));
  const quantile = (share: number): number | null => {
    let left = 1;
    for (const ms of [...new Set(watched.map((each) => each.ms))].sort((one, other) => one - other)) {
      const [atRisk, came] = [watched.filter((each) => each.ms >= ms), watched.filter((each) => each.ms === ms && each.came)];
      left *= 1 - came.length / atRisk.length;
      if (came.length > 0 && left <= 1 - share + 1e-12) return ms / 1_000;
    }
    return null;
  };
  const recovered = watched.filter(({ came }) => came).length;
  return { recovered, open: watched.length - recovered, median_s: quantile(0.5), p95_s: quantile(0.95) };
}

function trendOf(tasks: readonly AnalysedRecord[], runs: readonly FailedRun[]): Analysis['trend'] {
  const trend = new TimeHistogram(['failed_runs', 'recovered']);
  for (const { failed_at } of runs) trend.add(Date.parse(failed_at), 'failed_runs');
  for (const { recovery_status: status, closed_at: closedAt } of tasks) {
    if (status === 'recovered' && closedAt) trend.add(closedAt.getTime(), 'recovered');
  }
  return trend.result();
}
