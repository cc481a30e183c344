import { Injectable } from '@nestjs/common';
import { ProblemError, logIdOf, placeOfBundledJob, type ActionRequest, type LogPage, type LogText } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import type { LogFilter } from '../../task-logs/domain/log-filter.js';
import { ReadLog } from '../../task-logs/queries/read-log.js';
import { VisibleJobs } from './visible-job.js';

/** Reads the log of a job for whoever may see the job. */
@Injectable()
export class ReadJobLog {
  constructor(
    private readonly visibleJobs: VisibleJobs,
    private readonly readLog: ReadLog,
  ) {}

  async page(request: ActionRequest<'readJobLog'>, origin: Origin): Promise<LogPage> {
    const { isOver } = await this.visibleJobs.require(request.job_id, origin);
    const { job_id: jobId, limit, cursor, last } = request;
    const page = await this.readLog.lines({ log: logIdOf(jobId), filter: filterOf(request), limit, cursor, last });
    return { ...page, is_over: isOver };
  }

  async text(request: ActionRequest<'readLogText'>, origin: Origin): Promise<LogText> {
    await this.visibleJobs.require(request.job_id, origin);
    const { job_id: jobId, task_id: taskId, from_byte: fromByte, cursor } = request;
    const filter: LogFilter = { place: placeIn(jobId, taskId) };
    return this.readLog.text({ log: logIdOf(jobId), filter, fromByte, cursor });
  }
}

function filterOf(request: ActionRequest<'readJobLog'>): LogFilter {
  const { job_id, task_id, attempt, stream, level, since, until, text, from_line: fromLine, to_line: toLine } = request;
  return {
    place: placeIn(job_id, task_id),
    ...{ attempt, stream, level, text, fromLine, toLine },
    sinceMs: since === undefined ? undefined : Date.parse(since),
    untilMs: until === undefined ? undefined : Date.parse(until),
  };
}

/** The task that is asked for, as its log calls it. A job in a bundle shares its log and has one task. */
function placeIn(jobId: string, taskId: string | undefined): string | undefined {
  const bundled = placeOfBundledJob(jobId);
  const own = bundled ? `0.${bundled.index}` : undefined;
  if (taskId === undefined) return own;
  const place = taskId.slice('task_'.length + 37);
  if (logIdOf(taskId) === logIdOf(jobId) && place === (own ?? place)) return place;
  throw new ProblemError(
    'VALIDATION_FAILED',
    `${taskId} is no task of ${jobId}. See GET /v1/jobs/${jobId}/tasks for those that are.`,
    {
      errors: [{ path: 'task_id', rule: 'UNKNOWN', got: taskId, allowed: `a task of ${jobId}` }],
    },
  );
}
