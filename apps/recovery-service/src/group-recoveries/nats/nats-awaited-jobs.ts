import { Injectable } from '@nestjs/common';
import { serviceActor } from '@kintsugi/contracts';
import { Bus, callAction, inHalves, ownOrigin } from '@kintsugi/messaging';
import type { AwaitedJob, AwaitedJobs } from '../awaited-jobs.js';

const timeoutMs = 5_000;
/** Jobs that one request may name. */
const jobsPerRequest = 100;
const service = serviceActor('recovery-service');

/** Asks job-service how jobs stand. */
@Injectable()
export class NatsAwaitedJobs implements AwaitedJobs {
  constructor(private readonly bus: Bus) {}

  /** Where one request gets no answer, no further one is made: whoever asks waits once. */
  async of(jobIds: readonly string[]): Promise<ReadonlyMap<string, AwaitedJob>> {
    const ids = [...new Set(jobIds)];
    const found = new Map<string, AwaitedJob>();
    for (let from = 0; from < ids.length; from += jobsPerRequest) {
      for (const job of await this.read(ids.slice(from, from + jobsPerRequest))) found.set(job.id, job);
    }
    return found;
  }

  /** Jobs may have so many labels that they do not fit into one message. */
  private async read(jobIds: readonly string[]): Promise<AwaitedJob[]> {
    const found = await inHalves(jobIds, async (ids) => {
      const options = { timeoutMs, origin: ownOrigin(service) };
      const { jobs } = await callAction(this.bus, 'readJobs', { job_ids: [...ids] }, options);
      return jobs.map(({ id, status, tenant }) => ({ id, status, tenant }));
    });
    return found.flat();
  }
}
