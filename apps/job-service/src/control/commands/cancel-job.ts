import { Injectable } from '@nestjs/common';
import type { BatchJob } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { FollowParents } from '../../directory/follow-parents.js';
import { JobDirectory } from '../../directory/job-directory.js';
import { GetJob } from '../../directory/queries/get-job.js';
import { AskedMoves } from '../mongo/asked-moves.js';
import { stateConflict } from '../state-conflict.js';

/**
 * Cancels a job: what waits ends now, what runs is asked to stop. A job that is cancelled already stays so; one that is
 * being cancelled is walked once more.
 */
@Injectable()
export class CancelJob {
  constructor(
    private readonly directory: JobDirectory,
    private readonly getJob: GetJob,
    private readonly followParents: FollowParents,
    private readonly asked: AskedMoves,
  ) {}

  async execute(jobId: string, origin: Origin): Promise<BatchJob> {
    const job = await this.directory.get(jobId);
    const isMade = job.status === 'cancelled' || (await job.apply('cancel', { by: origin.actor.name }));
    const after = await this.getJob.execute(jobId);
    // Its last task may have ended in the moment before.
    if (!isMade || (after.status !== 'cancelling' && after.status !== 'cancelled')) {
      throw stateConflict(after, 'cancel', 'there is nothing left to cancel');
    }
    await this.followParents.cancelChildrenOf(jobId, origin.actor.name);
    await this.asked.note(jobId, 'cancel', origin);
    return after;
  }
}
