import {
  abortedError,
  deadlineError,
  dependencyError,
  everyCount,
  traceIdOf,
  type BatchJob,
  type JobStatus,
  type RunStats,
  type TaskCounts,
} from '@kintsugi/contracts';
import { bundledJobErrors, bundledJobStats } from '../../tasks/domain/bundled-job-stats.js';
import { bundledJobStatus } from '../../tasks/domain/bundled-job-status.js';
import { bundledJobTimes } from '../../tasks/domain/bundled-job-times.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import { isoTime, isoTimeOrNull } from '../../tasks/domain/chunk-events.js';
import { headInBundle, headOf, type GivenHead } from '../../tasks/domain/job-head.js';
import { detailedStatusOfExternal } from './external-state.js';
import { detailedStatusOf, errorCountOf } from './job-progress.js';
import { awaitingStatuses, jobOfAwait } from './awaits-of-job.js';
import { isExternal, type JobRecord } from './job.js';
import { LatencyHistogram } from './latency-histogram.js';

/** How a job stands, wherever it is kept. */
interface ViewedJob {
  id: string;
  status: JobStatus;
  head: GivenHead;
  total: number | null;
  counts: TaskCounts;
  /** Runs that failed. */
  errors: number;
  phase?: string | undefined;
  times: { created_at: string; started_at: string | null; finished_at: string | null };
  stats: RunStats;
  error?: BatchJob['error'];
  dependsOn?: BatchJob['depends_on'];
  waitsFor?: string[];
  traceparent?: string | undefined;
}

function viewOf({ id, status, head, total, counts, errors, phase, times, stats, ...said }: ViewedJob): BatchJob {
  const { error, dependsOn, waitsFor, traceparent } = said;
  const traceId = traceparent && traceIdOf(traceparent);
  return {
    ...{ id, status, ...headOf(head) },
    detailed_status: detailedStatusOf(status, counts, total, errors, phase),
    total_tasks: total,
    task_counts: everyCount(counts),
    ...times,
    run_stats: stats,
    ...(error ? { error } : {}),
    ...(dependsOn ? { depends_on: dependsOn } : {}),
    ...(waitsFor ? { waits_for: waitsFor } : {}),
    ...(traceId ? { trace_id: traceId } : {}),
  };
}

/** A job with a record of its own. */
export function viewJob(job: JobRecord): BatchJob {
  const { _id: id, status, total_tasks: total, task_counts: counts, created_at, started_at, finished_at } = job;
  const view = viewOf({
    ...{ id, status, head: job, total, counts, errors: errorCountOf(job.error_types), phase: job.phase },
    times: { created_at, started_at, finished_at },
    ...errorOf(job),
    traceparent: job.traceparent,
    ...(job.depends_on ? { dependsOn: [...job.depends_on] } : {}),
    ...(isAwaiting(job) ? { waitsFor: (job.awaits ?? []).map(jobOfAwait) } : {}),
    stats: {
      retries: job.retries,
      recovered: job.recovered,
      first_try: job.first_try,
      task_ms: new LatencyHistogram(job.task_ms).summary(),
      submit_to_done_ms: new LatencyHistogram(job.outcome_ms).summary(),
    },
  });
  if (!isExternal(job)) return view;
  const { version, reported_at, retries } = job.external;
  const retried = retries > 0 ? { retry_count: retries } : {};
  return { ...view, ...retried, detailed_status: detailedStatusOfExternal(status, job.external), version, reported_at };
}

/** Why a job failed as a whole, or was left out. */
function errorOf({ status, given_up: givenUp, expired, aborted, deadline_at: deadline }: JobRecord): Pick<ViewedJob, 'error'> {
  const isOver = status === 'failed' || status === 'cancelled';
  if (givenUp && isOver) return { error: dependencyError(givenUp.job_id, givenUp.became) };
  if (!expired || status !== 'failed') return {};
  return { error: aborted ? abortedError : deadlineError(deadline) };
}

function isAwaiting({ status, awaits = [] }: JobRecord): boolean {
  return awaits.length > 0 && (awaitingStatuses as readonly JobStatus[]).includes(status);
}

/** A job at a place of a bundle, whose state is its task's; null where there is none. */
export function viewBundledJob(chunk: Chunk, index: number): BatchJob | null {
  const { identity } = chunk;
  const head = headInBundle(chunk, index);
  if (!head) return null;
  const status = bundledJobStatus(chunk, index);
  const { startedAt, finishedAt } = bundledJobTimes(chunk, index);
  return viewOf({
    ...{ id: chunk.jobIdOf(index), status, head, total: 1, counts: { [chunk.stateOf(index)]: 1 } },
    errors: bundledJobErrors(chunk, index),
    phase: chunk.phases.get(index),
    times: {
      created_at: isoTime(identity.acceptedAt),
      started_at: isoTimeOrNull(startedAt),
      finished_at: isoTimeOrNull(finishedAt),
    },
    stats: bundledJobStats(chunk, index),
    traceparent: chunk.identity.jobs?.[index]?.traceparent,
  });
}
