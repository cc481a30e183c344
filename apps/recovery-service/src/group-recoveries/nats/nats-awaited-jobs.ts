import { Injectable } from '@nestjs/common';
import { ProblemError, serviceActor } from '@kintsugi/contracts';
import { Bus, callAction, ownOrigin } from '@kintsugi/messaging';
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

  /** Jobs with so many labels that they do not fit into one message are asked for by halves. */
  private async read(jobIds: readonly string[]): Promise<AwaitedJob[]> {
    try {
      const options = { timeoutMs, origin: ownOrigin(service) };
      const { jobs } = await callAction(this.bus, 'readJobs', { job_ids: [...jobIds] }, options);
      return jobs.map(({ id, status, tenant }) => ({ id, status, tenant }));
    } catch (error) {
      if (!(error instanceof ProblemError && error.code === 'ANSWER_TOO_LARGE') || jobIds.length === 1) throw error;
      const half = Math.ceil(jobIds.length / 2);
      return [...(await this.read(jobIds.slice(0, half))), ...(await this.read(jobIds.slice(half)))];
    }
  }
}
