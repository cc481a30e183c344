import { Injectable } from '@nestjs/common';
import {
  intervalMsOf,
  problemOf,
  shown,
  type GetJobMetrics as Request,
  type JobInfo,
  type JobMetricsAnswer,
  type ProblemError,
} from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { intervalText } from '../../samples/domain/metric-range.js';
import { UsageOfJobs } from '../../samples/queries/usage-of-jobs.js';
import { GetJobInfo } from './get-job-info.js';

/** What jobs used over a time, for whoever may see them. */
@Injectable()
export class GetJobMetrics {
  constructor(
    private readonly getJobInfo: GetJobInfo,
    private readonly usage: UsageOfJobs,
  ) {}

  async execute(
    { job_ids: ids, metrics, interval, start_time: startTime, end_time: endTime }: Request,
    origin: Origin,
  ): Promise<JobMetricsAnswer> {
    const jobIds = [...new Set(ids)];
    const asked = { include_metrics: false, include_task_details: false, include_logs: false, real_time: false };
    const jobs = await Promise.all(jobIds.map((job_id) => this.getJobInfo.execute({ job_id, ...asked }, origin)));
    const { range, jobs: used } = await this.usage.execute(jobIds, {
      ...timeOf(jobs, startTime, endTime),
      intervalMs: interval === undefined ? null : intervalMsOf(interval),
    });
    return {
      start_time: new Date(range.start).toISOString(),
      end_time: new Date(range.start + range.count * range.intervalMs).toISOString(),
      interval: intervalText(range.intervalMs),
      interval_ms: range.intervalMs,
      is_widened: range.isWidened,
      resolution: range.resolution,
      jobs: jobs.map(({ id, status }) => ({
        job_id: id,
        status,
        ...Object.fromEntries([...new Set(metrics)].flatMap((metric) => [[metric, used.get(id)?.series(metric)]])),
      })),
    };
  }
}

/** From the start of the first job to the end of the last, as far as nothing else is asked for. */
function timeOf(
  jobs: readonly JobInfo[],
  startTime: string | undefined,
  endTime: string | undefined,
): { start: number; end: number } {
  const starts = jobs.map(({ started_at: startedAt, created_at: createdAt }) => Date.parse(startedAt ?? createdAt));
  const ends = jobs.map(({ finished_at: finishedAt }) => (finishedAt === null ? Date.now() : Date.parse(finishedAt)));
  const start = startTime === undefined ? Math.min(...starts) : Date.parse(startTime);
  const lastEnd = Math.max(...ends) + 1;
  // What begins when all was over goes on to now: there is nothing in it, and that is told for the time that was asked for.
  const end = endTime === undefined ? (start < lastEnd ? lastEnd : Date.now()) : Date.parse(endTime);
  if (start >= end && startTime !== undefined) throw outside('data.start_time', startTime, 'a time that has passed');
  if (start >= end && endTime !== undefined) {
    throw outside(
      'data.end_time',
      endTime,
      `a time after the start of the earliest of the jobs, ${new Date(start).toISOString()}`,
    );
  }
  return { start: Math.min(start, end - 1), end };
}

/** There is nothing of the jobs in a time that would end before it begins. */
function outside(path: string, got: string, allowed: string): ProblemError {
  return problemOf([{ path, rule: 'RANGE', got: shown(got), allowed }], 'VALIDATION_FAILED');
}
