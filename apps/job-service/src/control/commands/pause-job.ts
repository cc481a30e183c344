import { Injectable } from '@nestjs/common';
import type { ActionRequest, BatchJob } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { JobDirectory } from '../../directory/job-directory.js';
import { GetJob } from '../../directory/queries/get-job.js';
import { AskedMoves } from '../mongo/asked-moves.js';
import { stateConflict } from '../state-conflict.js';

/**
 * Pauses a job: none of its tasks is given to a worker until it is resumed. What runs goes on or, where it is to stop, is
 * handed back. A job that is paused already stays so, and is asked once more for what runs.
 */
@Injectable()
export class PauseJob {
  constructor(
    private readonly directory: JobDirectory,
    private readonly getJob: GetJob,
    private readonly asked: AskedMoves,
  ) {}

  async execute({ job_id: jobId, stop }: ActionRequest<'pauseJob'>, origin: Origin): Promise<BatchJob> {
    const job = await this.directory.get(jobId);
    const isMade = await job.apply('pause', { by: origin.actor.name, stop });
    const after = await this.getJob.execute(jobId);
    if (!isMade && after.status !== 'paused') throw stateConflict(after, 'pause', 'there is nothing to hold');
    if (isMade && job.status !== 'paused') await this.asked.note(jobId, 'pause', origin);
    return after;
  }
}
