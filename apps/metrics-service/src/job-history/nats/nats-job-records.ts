import { Injectable } from '@nestjs/common';
import { serviceActor } from '@kintsugi/contracts';
import { callAction, inHalves, ownOrigin, Bus, type CallOptions } from '@kintsugi/messaging';
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

  /** Jobs may have so many labels that they do not fit into one message. */
  async read(jobIds: readonly string[]): Promise<Read> {
    const answers = await inHalves(jobIds, (ids) => callAction(this.bus, 'readJobs', { job_ids: [...ids] }, own()));
    return { asOf: Math.min(...answers.map(({ as_of: asOf }) => asOf)), jobs: answers.flatMap(({ jobs }) => jobs) };
  }
}
