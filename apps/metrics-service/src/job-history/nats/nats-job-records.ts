import { Injectable } from '@nestjs/common';
import { ProblemError, serviceActor } from '@kintsugi/contracts';
import { callAction, ownOrigin, Bus, type CallOptions } from '@kintsugi/messaging';
import type { JobRange, JobRecords } from '../commands/compare-history.js';

type Read = Awaited<ReturnType<JobRecords['read']>>;

const actor = serviceActor('metrics-service');
const own = (): CallOptions => ({ origin: ownOrigin(actor) });

/** Asks job-service over request and reply. */
@Injectable()
export class NatsJobRecords implements JobRecords {
  constructor(private readonly bus: Bus) {}

  digest(range: JobRange) {
    return callAction(this.bus, 'checkJobs', range, own());
  }

  async versions(range: JobRange) {
    const { from, jobs = [] } = await callAction(this.bus, 'checkJobs', { ...range, listed: true }, own());
    return { from, jobs };
  }

  /** Jobs with so many labels that they do not fit into one message are asked for by halves. */
  async read(jobIds: readonly string[]): Promise<Read> {
    try {
      const { as_of: asOf, jobs } = await callAction(this.bus, 'readJobs', { job_ids: [...jobIds] }, own());
      return { asOf, jobs };
    } catch (error) {
      if (!(error instanceof ProblemError && error.code === 'ANSWER_TOO_LARGE') || jobIds.length === 1) throw error;
      const half = Math.ceil(jobIds.length / 2);
      const parts = [await this.read(jobIds.slice(0, half)), await this.read(jobIds.slice(half))];
      return { asOf: Math.min(...parts.map(({ asOf }) => asOf)), jobs: parts.flatMap(({ jobs }) => jobs) };
    }
  }
}
