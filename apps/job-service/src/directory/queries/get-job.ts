import { Injectable } from '@nestjs/common';
import { laneNeededBy, type BatchJob } from '@kintsugi/contracts';
import { UnservedLanes } from '../../dispatch/unserved-lanes.js';
import { JobDirectory } from '../job-directory.js';

/** A job as it is now, and what it waits for where no worker runs its type. */
@Injectable()
export class GetJob {
  constructor(
    private readonly directory: JobDirectory,
    private readonly unserved: UnservedLanes,
  ) {}

  async execute(jobId: string): Promise<BatchJob> {
    const job = (await this.directory.get(jobId)).view();
    const lane = laneNeededBy(job);
    return lane !== null && this.unserved.has(lane) ? { ...job, waiting_reason: 'NO_WORKER' } : job;
  }
}
