import { Injectable } from '@nestjs/common';
import {
  ProblemError,
  brokenTaskStates,
  jobIdOf,
  liveUrlOf,
  maySee,
  uuidBoundOf,
  type ActionRequest,
  type BatchJob,
  type JobInfo,
  type TaskState,
} from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { UsageOfJobs } from '../../samples/queries/usage-of-jobs.js';
import { JobHistory } from '../domain/job-history.js';
import { metricsOf } from '../domain/job-metrics.js';
import type { JobRow } from '../domain/job-row.js';
import { batchJobOf, newestFactAt, runStatsOf } from '../domain/job-state.js';
import { LiveJobs } from './live-jobs.js';
import { jobNotFound } from '../domain/job-not-found.js';

type UsedResources = Pick<NonNullable<JobInfo['metrics']>, 'cpu_cores' | 'memory_mib'>;

/** Younger jobs are nearly all still known to job-service, and the history is not asked for them. */
const mostlyLiveMs = 3_600_000;

/** Tasks whose logs are told. */
const loggedTasksMax = 50;

/** Tasks in which something went wrong: their logs come first. */
const troubledStates: readonly TaskState[] = [...brokenTaskStates, 'failed', 'waiting_retry'];

/**
 * A job as job-service has it now. While job-service is away, and after it has forgotten the job, the history answers:
 * as of the last event, said so, and without tasks and logs.
 */
@Injectable()
export class GetJobInfo {
  constructor(
    private readonly history: JobHistory,
    private readonly live: LiveJobs,
    private readonly usage: UsageOfJobs,
  ) {}

  async execute(request: ActionRequest<'getJobInfo'>, origin: Origin): Promise<JobInfo> {
    const { job_id, include_metrics, include_task_details, task_details: page = {}, include_logs, real_time } = request;
    const early = this.findEarly(job_id);
    const live = await this.live.get(job_id, origin);
    const answeredAt = new Date();
    const isLive = live.kind === 'found';
    const row = isLive ? null : ((await early) ?? (await this.history.find(job_id)));
    const found = isLive ? live.job : row && batchJobOf(row);
    const isHidden = found !== null && !maySee(origin.actor, found.tenant);
    const known = isHidden ? null : found;
    if (!known) throw isHidden || live.kind === 'missing' ? jobNotFound(job_id) : away();
    const { run_stats: stats = row && runStatsOf(row), ...job } = known;
    const asOf = row ? new Date(newestFactAt(row)) : answeredAt;
    const details = include_task_details && isLive ? await this.live.tasks({ job_id, ...page }, origin) : null;
    const logs = include_logs && isLive ? await this.logsOf(job, origin) : null;
    return {
      ...job,
      source: isLive ? 'live' : 'history',
      as_of: asOf.toISOString(),
      ...(include_metrics ? { metrics: { ...metricsOf(job, stats, asOf), ...(await this.usedBy(job, asOf)) } } : {}),
      ...(details ? { task_details: details } : {}),
      ...(logs ? { logs } : {}),
      ...(real_time ? { events_url: `/v1/jobs/${job_id}/events`, live_url: liveUrlOf(job_id) } : {}),
    };
  }

  /**
   * Of a job that job-service may have let go of, while that is asked; where it knows the job, nobody waits for this. What is not found,
   * or cannot be, is looked for again where it has to be.
   */
  private async findEarly(jobId: string): Promise<JobRow | null> {
    if (jobId >= jobIdOf(uuidBoundOf(Date.now() - mostlyLiveMs))) return null;
    return this.history.find(jobId).catch(() => null);
  }

  private async usedBy({ id, started_at: startedAt, finished_at: finishedAt }: BatchJob, asOf: Date): Promise<UsedResources> {
    if (startedAt === null) return { cpu_cores: null, memory_mib: null };
    const end = finishedAt === null ? asOf.getTime() : Date.parse(finishedAt);
    const { jobs } = await this.usage.execute([id], { start: Date.parse(startedAt), end: end + 1, intervalMs: null });
    const used = jobs.get(id);
    return { cpu_cores: used?.series('cpu').mean ?? null, memory_mib: used?.series('memory').max ?? null };
  }

  private async logsOf(job: BatchJob, origin: Origin): Promise<NonNullable<JobInfo['logs']> | null> {
    const logs = new Map<string, NonNullable<JobInfo['logs']>[number]>();
    const states = [...troubledStates.filter((state) => (job.task_counts[state] ?? 0) > 0), undefined];
    for (const state of states) {
      if (logs.size >= loggedTasksMax) break;
      const page = await this.live.tasks({ job_id: job.id, state }, origin);
      if (page === null) return null;
      for (const { id, attempts, logs: lines } of page.items) {
        if (lines && lines.length > 0 && !logs.has(id)) logs.set(id, { task_id: id, attempt: attempts, lines });
      }
    }
    return [...logs.values()].slice(0, loggedTasksMax);
  }
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
