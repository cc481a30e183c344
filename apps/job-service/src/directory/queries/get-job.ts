import { Injectable } from '@nestjs/common';
import { queueNeededBy, type BatchJob } from '@kintsugi/contracts';
import { UnservedQueues } from '../../dispatch/unserved-queues.js';
import { ChildJobs } from '../../jobs/child-jobs.js';
import { JobRecords } from '../../jobs/job-records.js';
import { JobDirectory } from '../job-directory.js';

const childrenMax = 20;

/** A job as it is now, and what it waits for where no worker runs its type. */
@Injectable()
export class GetJob {
  constructor(
    private readonly directory: JobDirectory,
    private readonly jobs: JobRecords,
    private readonly children: ChildJobs,
    private readonly unserved: UnservedQueues,
  ) {}

  async execute(jobId: string): Promise<BatchJob> {
    const job = await this.withChildren((await this.directory.get(jobId)).view());
    if (job.status === 'failed') return this.withRetries(job);
    const queue = queueNeededBy(job);
    return queue !== null && this.unserved.has(queue) ? { ...job, waiting_reason: 'NO_WORKER' } : job;
  }

  private async withChildren(job: BatchJob): Promise<BatchJob> {
    // A handler has to have run.
    if (job.executor === 'external' || job.started_at === null) return job;
    const children = await this.children.of(job.id, childrenMax);
    return children.count > 0 ? { ...job, child_jobs: children } : job;
  }

  private async withRetries(job: BatchJob): Promise<BatchJob> {
    const retries = await this.jobs.retriesOf(job.id);
    return retries.length > 0 ? { ...job, retried_as: retries } : job;
  }
}
