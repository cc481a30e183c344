import { Injectable } from '@nestjs/common';
import { maySee, serviceActor, type Actor, type JobStatus } from '@kintsugi/contracts';
import { Bus, callAction, ownOrigin } from '@kintsugi/messaging';
import type { AwaitedJobs } from '../awaited-jobs.js';

const timeoutMs = 5_000;
const service = serviceActor('recovery-service');

/** Asks job-service how jobs stand. */
@Injectable()
export class NatsAwaitedJobs implements AwaitedJobs {
  constructor(private readonly bus: Bus) {}

  async statusOf(jobId: string, actor: Actor): Promise<JobStatus | null> {
    const { jobs } = await callAction(this.bus, 'readJobs', { job_ids: [jobId] }, { timeoutMs, origin: ownOrigin(service) });
    const job = jobs.find(({ id }) => id === jobId);
    return job && maySee(actor, job.tenant) ? job.status : null;
  }
}
