import { Injectable } from '@nestjs/common';
import type { BatchJob } from '@kintsugi/contracts';
import { JobRecords } from '../job-history/commands/compare-history.js';

const jobsPerRequest = 100;

/** Asks job-service what the jobs of an event are: events say how they ended, and not whose they are. */
@Injectable()
export class JobHeads {
  constructor(private readonly records: JobRecords) {}

  async of(jobIds: readonly string[]): Promise<Map<string, BatchJob>> {
    const heads = new Map<string, BatchJob>();
    for (let from = 0; from < jobIds.length; from += jobsPerRequest) {
      const { jobs } = await this.records.read(jobIds.slice(from, from + jobsPerRequest));
      for (const job of jobs) heads.set(job.id, job);
    }
    return heads;
  }
}
