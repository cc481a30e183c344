import { isFinished, jobVersion, type BatchJob } from '@kintsugi/contracts';
import { emptyRow, type Ending, type JobRow } from './job-row.js';
import { hasEnded, stateOf } from './job-state.js';

/** The version of a job as the history tells it; null while its creation is not known. */
export function versionOf(row: JobRow): string | null {
  if (row.head === null) return null;
  const { status, finished_at } = stateOf(row);
  return jobVersion(row.job_id, status, row.first_started_at, finished_at);
}

/**
 * What is to be joined to a row so that it says of its job what the record does. It claims no more than that: its facts are
 * no later than they must be to outdo what is known, so that whatever is on its way and newer still outdoes them.
 * @param asOf when job-service began to look
 */
export function correctionOf(job: BatchJob, known: JobRow, asOf: number): JobRow {
  const row: JobRow = {
    ...emptyRow(job.id),
    head: headOf(job),
    total_tasks: job.total_tasks,
    first_started_at: epochMs(job.started_at),
  };
  const reopenedAt = Math.max(known.recovery?.at ?? 0, known.last_started_at ?? 0);
  const endedAt = known.ending?.at ?? -1;
  if (isFinished(job.status)) {
    // A job of one task tells its end by the clock of its worker.
    const at = Math.max(Math.min(epochMs(job.finished_at) ?? asOf, asOf), reopenedAt, endedAt + 1);
    return { ...row, ending: endingOf(job, job.status, at) };
  }
  const reopening = hasEnded(known) ? { at: endedAt + 1, status: job.status } : null;
  const at = Math.max(asOf, reopenedAt, reopening?.at ?? 0, (known.progress?.at ?? -1) + 1, known.hold?.at ?? 0);
  const { status, task_counts, detailed_status } = job;
  return { ...row, recovery: reopening, progress: { at, status, task_counts, detailed_status } };
}

function headOf(job: BatchJob): NonNullable<JobRow['head']> {
  const { type, product_id, sending_group_id, user_id, tenant, priority, safety, labels, total_tasks } = job;
  const { max_parallel_tasks, retry_config, resource_limits, timeout_s, run_at, deadline_at, executor, stalled_after_s } = job;
  const { parent_job_id, with_parent, awaited_jobs, concurrency, rate_limit, unique, original_job_id, retry_count } = job;
  return {
    ...{ type, product_id, sending_group_id, user_id, tenant, priority, safety, labels, total_tasks },
    ...{ max_parallel_tasks, retry_config, resource_limits },
    ...(timeout_s === undefined ? {} : { timeout_s }),
    ...(executor === undefined ? {} : { executor, stalled_after_s }),
    ...(run_at === undefined ? {} : { run_at }),
    ...(deadline_at === undefined ? {} : { deadline_at }),
    ...(parent_job_id === undefined ? {} : { parent_job_id }),
    ...(with_parent === undefined ? {} : { with_parent }),
    ...(awaited_jobs === undefined ? {} : { awaited_jobs }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(rate_limit === undefined ? {} : { rate_limit }),
    ...(unique === undefined ? {} : { unique }),
    ...(original_job_id === undefined ? {} : { original_job_id, retry_count }),
    created_at: Date.parse(job.created_at),
  };
}

function endingOf(job: BatchJob, status: Ending['status'], at: number): Ending {
  const { total_tasks, task_counts, detailed_status, run_stats } = job;
  return {
    at,
    status,
    started_at: epochMs(job.started_at),
    finished_at: epochMs(job.finished_at) ?? at,
    ...{ total_tasks, task_counts },
    retries: run_stats?.retries ?? 0,
    recovered: run_stats?.recovered ?? 0,
    first_try: run_stats?.first_try ?? 0,
    error_types: job.error ? { [job.error.error_type]: 1 } : {},
    error_count: detailed_status.error_count,
    ...(job.executor === 'external' ? { progress_percentage: detailed_status.progress_percentage } : {}),
    task_ms: run_stats?.task_ms ?? null,
    submit_to_done_ms: run_stats?.submit_to_done_ms ?? null,
  };
}

function epochMs(time: string | null): number | null {
  return time === null ? null : Date.parse(time);
}
