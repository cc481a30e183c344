import { Injectable } from '@nestjs/common';
import { ProblemError, problemCatalogue } from '@kintsugi/contracts';
import { Bus, callAction, type Origin } from '@kintsugi/messaging';
import type { RunCount, RunsOfJobs } from '../runs-of-jobs.js';

/** An analysis without this rate is better than none at all. */
const timeoutMs = 15_000;

/** Asks metrics-service what the runs of jobs add up to. */
@Injectable()
export class NatsRunsOfJobs implements RunsOfJobs {
  constructor(private readonly bus: Bus) {}

  async between(start: Date, end: Date, origin: Origin): Promise<RunCount | null> {
    const filters = { date_range: { start: start.toISOString(), end: end.toISOString() } };
    const request = { filters, pagination: { per_page: 1 }, aggregations: { error_rate: true } };
    try {
      const { aggregations } = await callAction(this.bus, 'fetchJobHistory', request, { origin, timeoutMs });
      return aggregations ? { runs: aggregations.counted.runs, failed_runs: aggregations.counted.failed_runs } : null;
    } catch (error) {
      if (error instanceof ProblemError && problemCatalogue[error.code].retryable) return null;
      throw error;
    }
  }
}
