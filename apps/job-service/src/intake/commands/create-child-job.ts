import { Injectable } from '@nestjs/common';
import {
  ProblemError,
  placeOfBundledJob,
  placeOfTask,
  type ActionRequest,
  type Actor,
  type JobReceipt,
  type JobStatus,
} from '@kintsugi/contracts';
import { FollowParents } from '../../directory/follow-parents.js';
import { JobDirectory } from '../../directory/job-directory.js';
import { Clock } from '../../platform/clock.js';
import { refusePastDeadline } from '../domain/refuse-past-deadline.js';
import { IncomingJobs } from '../incoming-job.js';
import { AcceptJob } from './accept-job.js';

/** Begins the key of a child. No message and no caller can give one with control characters. */
const childKeySpace = '\tchild\t';
const uuidLength = 36;
const stopped: readonly JobStatus[] = ['cancelling', 'cancelled', 'deleting'];

/**
 * Makes a job that a handler asks for: of the tenant and the user of its own job, once for each name of a task, whatever its next attempt
 * asks for under that name.
 */
@Injectable()
export class CreateChildJob {
  constructor(
    private readonly incoming: IncomingJobs,
    private readonly acceptJob: AcceptJob,
    private readonly directory: JobDirectory,
    private readonly followParents: FollowParents,
    private readonly clock: Clock,
  ) {}

  /** @param by the worker that asks for it */
  async execute({ job_id, task_id, name, with_parent, job }: ActionRequest<'createChildJob'>, by: Actor): Promise<JobReceipt> {
    if (!isTaskOf(task_id, job_id)) throw refusal('data.task_id', 'UNKNOWN', task_id, `a task of ${job_id}`);
    const parent = (await this.directory.get(job_id)).view();
    if (stopped.includes(parent.status)) throw makesNoMore(parent.status);
    const { head, ...read } = await this.incoming.read(Buffer.from(JSON.stringify(job)), true, 'data.job');
    for (const field of ['validate_only', 'idempotency_key'] as const) {
      if (head[field] !== undefined) {
        throw refusal(`data.job.${field}`, 'NOT_ALLOWED', String(head[field]), 'none: its name tells it from others');
      }
    }
    refusePastDeadline(head, this.clock.now());
    const receipt = await this.acceptJob.create(
      // Whose it is follows from its parent.
      { ...read, head: { ...head, user_id: parent.user_id } },
      {
        userId: parent.user_id,
        tenant: parent.tenant,
        by,
        messageKey: `${childKeySpace}${task_id}\t${name}`,
        lineage: { parent_job_id: job_id, with_parent },
      },
    );
    // The parent may have been cancelled while its child was not there to be.
    const { status } = await this.directory.get(job_id);
    if (with_parent.includes('cancel') && stopped.includes(status)) {
      await this.followParents.cancelChildrenOf(job_id, parent.user_id);
    }
    return receipt;
  }
}

function isTaskOf(taskId: string, jobId: string): boolean {
  const { chunkId, index } = placeOfTask(taskId);
  const place = placeOfBundledJob(jobId);
  if (place) return place.chunkId === chunkId && place.index === index;
  return chunkId.slice(0, uuidLength) === jobId.slice(4, 4 + uuidLength);
}

function makesNoMore(status: JobStatus): ProblemError {
  return new ProblemError('STATE_CONFLICT', `The job is ${status}: it makes no others any more.`, {
    current: status,
    errors: [{ path: 'data.job_id', rule: 'STATE', got: status, allowed: 'a job that goes on' }],
  });
}

function refusal(path: string, rule: string, given: string, allowed: string): ProblemError {
  const got = given.slice(0, 100);
  return new ProblemError('VALIDATION_FAILED', `${path}: ${rule}, got ${got}, allowed: ${allowed}. Nothing was accepted.`, {
    errors: [{ path, rule, got, allowed }],
  });
}
