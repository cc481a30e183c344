import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ProblemError, tenantOf, type BatchJob, type JobStatus, type UpdateBatchJob as Update } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { JobDirectory } from '../../directory/job-directory.js';
import { jobNotFound } from '../../directory/job-handle.js';
import { ExternalJobs } from '../../external/external-jobs.js';
import { viewJob } from '../../jobs/domain/job-view.js';
import { CancelJob } from './cancel-job.js';
import { PauseJob } from './pause-job.js';
import { ResumeJob } from './resume-job.js';

const askable: readonly JobStatus[] = ['paused', 'running', 'cancelling', 'cancelled'];

/**
 * Takes in what the producer of an external job reports of it. A job that workers run can be asked for what people may ask
 * of it; how far it is follows from its tasks.
 */
@Injectable()
export class UpdateBatchJob {
  constructor(
    private readonly directory: JobDirectory,
    private readonly external: ExternalJobs,
    private readonly cancelJob: CancelJob,
    private readonly pauseJob: PauseJob,
    private readonly resumeJob: ResumeJob,
  ) {}

  /** @param messageKey the same for a message that comes again */
  async execute(update: Update, origin: Origin, messageKey?: string): Promise<BatchJob> {
    const { job_id: jobId, status, detailed_status: report, error_details: fault, expected_version: expected } = update;
    const mark = messageKey === undefined ? undefined : markOf(messageKey);
    const request = { to: status, report, fault, by: origin.actor.name, isAsked: false, mark };
    const outcome = await this.external.request(jobId, request, expected);
    if (outcome === null) return this.ask(update, origin, messageKey !== undefined);
    const job = viewJob(outcome.job);
    if (outcome.kind === 'another version') throw versionConflict(job, expected);
    if (outcome.kind === 'refused') throw illegalMove(job, status, outcome.allowed);
    return job;
  }

  /** @param isCommand whether it came as a durable command: whoever sends one has no name, and the jobs of the default tenant only */
  private async ask(update: Update, origin: Origin, isCommand: boolean): Promise<BatchJob> {
    const { job_id: jobId, status } = update;
    const job = await this.directory.open(jobId);
    if (!job || (isCommand && job.view().tenant !== tenantOf(origin.actor))) throw jobNotFound(jobId);
    const field = (['detailed_status', 'error_details', 'expected_version'] as const).find((name) => update[name] !== undefined);
    if (field !== undefined) throw runByWorkers(jobId, field);
    switch (status) {
      case 'paused':
        return this.pauseJob.execute({ job_id: jobId, stop: false }, origin);
      case 'running':
        return this.resumeJob.execute(jobId, origin);
      case 'cancelling':
      case 'cancelled':
        return this.cancelJob.execute(jobId, origin);
      default:
        throw illegalMove(job.view(), status, askable);
    }
  }
}

function runByWorkers(jobId: string, field: string): ProblemError {
  const allowed = 'only of a job that was created with executor: external';
  return new ProblemError(
    'RUN_BY_WORKERS',
    `Workers run ${jobId}: its ${field} follows from its tasks and cannot be written. Only its status can be asked for.`,
    { errors: [{ path: `data.${field}`, rule: 'NOT_ALLOWED', got: field, allowed }] },
  );
}

function versionConflict(job: BatchJob, expected: number | undefined): ProblemError {
  return new ProblemError(
    'VERSION_CONFLICT',
    `The job is of version ${job.version} by now, and not ${expected} any more. Read it again and decide anew.`,
    {
      current: String(job.version),
      errors: [{ path: 'data.expected_version', rule: 'VALUE', got: String(expected), allowed: String(job.version) }],
    },
  );
}

function illegalMove(job: BatchJob, status: JobStatus | undefined, allowed: readonly JobStatus[]): ProblemError {
  const moves = allowed.length === 0 ? 'nothing any more' : allowed.join(', ');
  const detail =
    status === undefined
      ? `The job is ${job.status}: nothing more can be reported of it.`
      : `The job is ${job.status} and cannot become ${status}. It can become ${moves}.`;
  const field = status === undefined ? 'data.job_id' : 'data.status';
  return new ProblemError('STATE_CONFLICT', detail, {
    current: job.status,
    allowed: [...allowed],
    errors: [{ path: field, rule: 'STATE', got: status ?? job.status, allowed: moves }],
  });
}

function markOf(messageKey: string): string {
  return createHash('sha256').update(messageKey).digest('base64url').slice(0, 16);
}
