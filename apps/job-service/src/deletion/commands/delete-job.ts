import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { finishedJobStatuses, isFinished, type ActionRequest, type JobDeletion } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { conflictOf } from '../../control/state-conflict.js';
import { JobDirectory } from '../../directory/job-directory.js';
import { Deletions } from '../../jobs/deletions.js';
import { NewIds } from '../../platform/new-ids.js';
import { DeletionRounds } from '../deletion-rounds.js';

/** How long an answer waits for the end of a deletion. */
const waitMs = 3_000;

/** Deletes a job with all that is kept of it. One that has not ended is deleted only where that is asked for, and stopped first. */
@Injectable()
export class DeleteJob {
  constructor(
    private readonly directory: JobDirectory,
    private readonly deletions: Deletions,
    private readonly rounds: DeletionRounds,
    private readonly ids: NewIds,
  ) {}

  async execute({ job_id: jobId, force }: ActionRequest<'deleteJob'>, { actor, requestId }: Origin): Promise<JobDeletion> {
    const job = await this.directory.get(jobId);
    if (await this.deletions.has(jobId)) return { job_id: jobId, status: 'deleting' };
    if (!isFinished(job.status) && !force) {
      const why =
        'something of it may still run. Cancel it first, or delete it with force, which cancels it and waits for its end';
      throw conflictOf(job, finishedJobStatuses, why);
    }
    const deletion = { id: `del_${this.ids.uuid()}`, jobIds: [jobId], requestedBy: actor, requestId };
    await this.rounds.add(deletion);
    const isDone = await Promise.race([this.rounds.begin(deletion), delay(waitMs, false, { ref: false })]);
    return { job_id: jobId, status: isDone ? 'deleted' : 'deleting' };
  }
}
