import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ProblemError, finishedJobStatuses, isFinished, type ActionRequest, type JobDeletion } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { conflictOf } from '../../control/state-conflict.js';
import { JobDirectory } from '../../directory/job-directory.js';
import type { JobHandle } from '../../directory/job-handle.js';
import { ChildJobs } from '../../jobs/child-jobs.js';
import { Deletions } from '../../jobs/deletions.js';
import { NewIds } from '../../platform/new-ids.js';
import { DeletionRounds } from '../deletion-rounds.js';

/** How long an answer waits for the end of a deletion. */
const waitMs = 3_000;

const needed = 'Cancel it first, or delete it with force, which cancels it and waits for its end';

/**
 * Deletes a job with all that is kept of it, and those that go with it. Where one of them has not ended they are deleted only if that
 * is asked for, and stopped first.
 */
@Injectable()
export class DeleteJob {
  constructor(
    private readonly directory: JobDirectory,
    private readonly children: ChildJobs,
    private readonly deletions: Deletions,
    private readonly rounds: DeletionRounds,
    private readonly ids: NewIds,
  ) {}

  async execute({ job_id: jobId, force }: ActionRequest<'deleteJob'>, { actor, requestId }: Origin): Promise<JobDeletion> {
    const job = await this.directory.get(jobId);
    if (await this.deletions.has(jobId)) return { job_id: jobId, status: 'deleting' };
    if (!force) await this.requireEnded(job);
    const asked = { id: `del_${this.ids.uuid()}`, jobIds: [jobId], requestedBy: actor, requestId };
    // Whatever begins to run again meanwhile is not stopped by somebody who has not asked for that.
    const deletion = force ? asked : { ...asked, onlyEnded: true as const };
    await this.rounds.add(deletion);
    const isDone = await Promise.race([this.rounds.begin(deletion), delay(waitMs, false, { ref: false })]);
    if (isDone && !force && !(await this.deletions.has(jobId))) throw runs(await this.directory.get(jobId));
    return { job_id: jobId, status: isDone ? 'deleted' : 'deleting' };
  }
  private async requireEnded(job: JobHandle): Promise<void> {
    if (!isFinished(job.status)) throw runs(job);
    const [childId] = await this.children.befallen([job.id], 'delete', false, 1);
    const child = childId === undefined ? null : await this.directory.open(childId);
    if (child) throw childRuns(child);
  }
}

function runs(job: JobHandle): ProblemError {
  return conflictOf(job, finishedJobStatuses, `something of it may still run. ${needed}`);
}

function childRuns({ id, status }: JobHandle): ProblemError {
  const allowed = finishedJobStatuses.join(', ');
  return new ProblemError(
    'STATE_CONFLICT',
    `${id}, which is deleted with this job, is ${status}. Cancel it first, or delete this job with force, which cancels both.`,
    {
      current: status,
      allowed: [...finishedJobStatuses],
      errors: [{ path: 'data.job_id', rule: 'STATE', got: `${id} ${status}`, allowed: `${id} ${allowed}` }],
    },
  );
}
