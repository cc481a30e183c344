import { Injectable } from '@nestjs/common';
import { serviceActor, type BatchJob } from '@kintsugi/contracts';
import { Bus, callAction, ownOrigin } from '@kintsugi/messaging';

const jobsPerRequest = 100;
const actor = serviceActor('metrics-service');

/** Asks job-service what the jobs of an event are: events say how they ended, and not whose they are. */
@Injectable()
export class JobHeads {
  constructor(private readonly bus: Bus) {}

  async of(jobIds: readonly string[]): Promise<Map<string, BatchJob>> {
    const heads = new Map<string, BatchJob>();
    for (let from = 0; from < jobIds.length; from += jobsPerRequest) {
      const request = { job_ids: jobIds.slice(from, from + jobsPerRequest) };
      const { jobs } = await callAction(this.bus, 'readJobs', request, { origin: ownOrigin(actor) });
      for (const job of jobs) heads.set(job.id, job);
    }
    return heads;
  }
}
