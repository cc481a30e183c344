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

  /** Whoever asks may know more of a range than the two ends of it, which is nothing to the record. */
  digest({ from, before }: JobRange) {
    return callAction(this.bus, 'checkJobs', { from, before }, own());
  }

  async versions({ from: lowest, before }: JobRange) {
    const { from, jobs = [] } = await callAction(this.bus, 'checkJobs', { from: lowest, before, listed: true }, own());
    return { from, jobs };
  }

  /** Jobs may have so many labels that they do not fit into one message. */
  async read(jobIds: readonly string[]): Promise<Read> {
    const answers = await inHalves(jobIds, (ids) => callAction(this.bus, 'readJobs', { job_ids: [...ids] }, own()));
    return { asOf: Math.min(...answers.map(({ as_of: asOf }) => asOf)), jobs: answers.flatMap(({ jobs }) => jobs) };
  }
}
