import { Injectable } from '@nestjs/common';
import type { BatchJob } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { JobDirectory } from '../../directory/job-directory.js';
import { GetJob } from '../../directory/queries/get-job.js';
import { mayMakeMove } from '../../jobs/domain/job-lifecycle.js';
import { AskedMoves } from '../mongo/asked-moves.js';
import { stateConflict } from '../state-conflict.js';

/** Lets a paused job go on. One that is under way already stays so. */
@Injectable()
export class ResumeJob {
  constructor(
    private readonly directory: JobDirectory,
    private readonly getJob: GetJob,
    private readonly asked: AskedMoves,
  ) {}

  async execute(jobId: string, origin: Origin): Promise<BatchJob> {
    const job = await this.directory.get(jobId);
    const isMade = await job.apply('resume', { by: origin.actor.name });
    const after = await this.getJob.execute(jobId);
    // Whatever may be paused is under way.
    if (!isMade && !mayMakeMove(after.status, 'pause')) throw stateConflict(after, 'resume', 'it is not held');
    if (isMade) await this.asked.note(jobId, 'resume', origin);
    return after;
  }
}
