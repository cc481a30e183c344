import { ProblemError, isFinished, type ActionRequest, type BatchJob, type JobInfo, type TaskState } from '@kintsugi/contracts';
import type { JobHistory } from '../domain/job-history.js';
import { metricsOf } from '../domain/job-metrics.js';
import type { JobRow } from '../domain/job-row.js';
import { batchJobOf, newestFactAt } from '../domain/job-state.js';
import type { LiveJobs } from './live-jobs.js';

/** Longest that an answer waits for the ending of a job that has just ended, and how often it looks. */
const endingWaitMs = 1_500;
const endingLookIntervalMs = 50;
/** An ending that has not arrived so long after the end will not arrive while somebody waits. */
const endingLateMs = 5_000;
/** Tasks whose logs are told. */
const loggedTasksMax = 50;

/** Tasks in which something went wrong: their logs come first. */
const troubledStates: readonly TaskState[] = ['dead', 'outcome_unknown', 'quarantined', 'failed', 'waiting_retry'];

/**
 * A job as job-service has it now, with the figures that the history adds. While job-service is away, and after it
 * has forgotten the job, the history answers alone: as of the last event, said so, and without tasks and logs.
 */
export class GetJobInfo {
  constructor(
    private readonly history: JobHistory,
    private readonly live: LiveJobs,
  ) {}

  async execute(request: ActionRequest<'getJobInfo'>): Promise<JobInfo> {
    const { job_id, include_metrics, include_task_details, include_logs, real_time } = request;
    const live = await this.live.get(job_id);
    const answeredAt = new Date();
    const row =
      live.kind !== 'found' || include_metrics ? await this.rowFor(job_id, live.kind === 'found' ? live.job : null) : null;
    const job = live.kind === 'found' ? live.job : row && batchJobOf(row);
    if (!job) throw live.kind === 'missing' ? notFound(job_id) : away();
    const isLive = live.kind === 'found';
    const asOf = isLive || !row ? answeredAt : new Date(newestFactAt(row));
    const details = include_task_details && isLive ? await this.live.tasks(job_id) : null;
    const logs = include_logs && isLive ? await this.logsOf(job) : null;
    return {
      ...job,
      source: isLive ? 'live' : 'history',
      as_of: asOf.toISOString(),
      ...(include_metrics ? { metrics: metricsOf(job, row, asOf) } : {}),
      ...(details ? { task_details: details } : {}),
      ...(logs ? { logs } : {}),
      ...(real_time ? { events_url: `/v1/jobs/${job_id}/events` } : {}),
    };
  }

  /** The row of a job. That of a job which has ended a moment ago is waited for, since its figures come with its ending. */
  private async rowFor(jobId: string, job: BatchJob | null): Promise<JobRow | null> {
    const deadline = performance.now() + endingWaitMs;
    for (;;) {
      const row = await this.history.find(jobId);
      if (!job || !isEndingDue(job, row) || performance.now() > deadline) return row;
      await new Promise((resolve) => setTimeout(resolve, endingLookIntervalMs));
    }
  }

  private async logsOf(job: BatchJob): Promise<NonNullable<JobInfo['logs']> | null> {
    const logs = new Map<string, NonNullable<JobInfo['logs']>[number]>();
    const states = [...troubledStates.filter((state) => (job.task_counts[state] ?? 0) > 0), undefined];
    for (const state of states) {
      if (logs.size >= loggedTasksMax) break;
      const page = await this.live.tasks(job.id, state);
      if (page === null) return null;
      for (const { id, attempts, logs: lines } of page.items) {
        if (lines && lines.length > 0 && !logs.has(id)) logs.set(id, { task_id: id, attempt: attempts, lines });
      }
    }
    return [...logs.values()].slice(0, loggedTasksMax);
  }
}

function isEndingDue(job: BatchJob, row: JobRow | null): boolean {
  if (!isFinished(job.status) || job.finished_at === null) return false;
  const finishedAt = Date.parse(job.finished_at);
  return row?.ending?.finished_at !== finishedAt && Date.now() - finishedAt < endingLateMs;
}

function notFound(jobId: string): ProblemError {
  return new ProblemError('JOB_NOT_FOUND', `There is no job ${jobId}. See GET /v1/jobs for those that are.`);
}

function away(): ProblemError {
  return new ProblemError(
    'SERVICE_UNAVAILABLE',
    'job-service does not answer and the history does not know the job yet. Try again.',
    {
      retry_after: 1,
    },
  );
}
