import { Injectable } from '@nestjs/common';
import { laneNeededBy, type BatchJob } from '@kintsugi/contracts';
import { UnservedLanes } from '../../dispatch/unserved-lanes.js';
import { JobReader } from '../../jobs/queries/job-reader.js';

/** A job as it is now, and what it waits for where no worker runs its type. */
@Injectable()
export class GetJob {
  constructor(
    private readonly reader: JobReader,
    private readonly unserved: UnservedLanes,
  ) {}

  async execute(jobId: string): Promise<BatchJob> {
    const job = await this.reader.get(jobId);
    const lane = laneNeededBy(job);
    return lane !== null && this.unserved.has(lane) ? { ...job, waiting_reason: 'NO_WORKER' } : job;
  }
}
