import { Injectable } from '@nestjs/common';
import { ProblemError, type BatchJob } from '@kintsugi/contracts';

/** Jobs that are just being made to run again. Of one job that is done once at a time, as a whole or in part. */
@Injectable()
export class RunsBeingMade {
  private readonly jobIds = new Set<string>();

  async while<Result>(job: Pick<BatchJob, 'id' | 'status'>, make: () => Promise<Result>): Promise<Result> {
    if (this.jobIds.has(job.id)) {
      throw new ProblemError('STATE_CONFLICT', `The job is ${job.status}, and another run of it is just being made.`);
    }
    this.jobIds.add(job.id);
    try {
      return await make();
    } finally {
      this.jobIds.delete(job.id);
    }
  }
}
