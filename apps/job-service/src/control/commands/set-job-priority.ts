import { Injectable } from '@nestjs/common';
import type { ActionRequest, BatchJob } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { JobDirectory } from '../../directory/job-directory.js';
import { GetJob } from '../../directory/queries/get-job.js';
import { prioritisableStatuses } from '../../tasks/domain/task-priorities.js';
import { AskedMoves } from '../mongo/asked-moves.js';
import { conflictOf } from '../state-conflict.js';

/** Sets the priority of a job that has something to run: from now on its tasks stand among others by it. What runs goes on. */
@Injectable()
export class SetJobPriority {
  constructor(
    private readonly directory: JobDirectory,
    private readonly getJob: GetJob,
    private readonly asked: AskedMoves,
  ) {}

  async execute({ job_id: jobId, priority }: ActionRequest<'setJobPriority'>, origin: Origin): Promise<BatchJob> {
    const job = await this.directory.get(jobId);
    const isSo = job.view().priority === priority && prioritisableStatuses.includes(job.status);
    const isMade = isSo || (await job.prioritise(priority, origin.actor.name));
    const after = await this.getJob.execute(jobId);
    if (!isMade) throw conflictOf(after, prioritisableStatuses, 'nothing of it is to run any more');
    if (!isSo) await this.asked.note(jobId, 'prioritise', origin);
    return after;
  }
}
