import { Injectable } from '@nestjs/common';
import type { ActionRequest, FailureAnalysis } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { Clock } from '../../platform/clock.js';
import { AnalysedRecords } from '../analysed-records.js';
import { rateOf } from '../domain/analysis-sums.js';
import { FailureAnalyst } from '../domain/failure-analyst.js';
import { RunsOfJobs } from '../runs-of-jobs.js';

const periodMsDefault = 30 * 86_400_000;
/** Records between two rests: an analysis of a million must not keep failures waiting for their retries. */
const recordsPerTurn = 1_000;

/** What failed in a period, what became of it, and how much retries helped. Each figure is exact over the records there are. */
@Injectable()
export class AnalyzeErrors {
  constructor(
    private readonly records: AnalysedRecords,
    private readonly runs: RunsOfJobs,
    private readonly clock: Clock,
  ) {}

  async execute({ period, error_types, job_ids }: ActionRequest<'analyzeErrors'>, origin: Origin): Promise<FailureAnalysis> {
    const now = this.clock.now();
    // The failure of this very moment is in it.
    const end = period ? new Date(period.end) : new Date(now + 1);
    const start = period ? new Date(period.start) : new Date(end.getTime() - periodMsDefault);
    const isOfAll = error_types === undefined && job_ids === undefined;
    const analyst = new FailureAnalyst(now);
    let read = 0;
    for await (const record of this.records.read({
      start,
      end,
      error_types,
      job_ids,
      tenant: origin.actor.tenant ?? undefined,
    })) {
      analyst.add(record);
      read += 1;
      if (read % recordsPerTurn === 0) await new Promise(setImmediate);
    }
    return {
      period: { start: start.toISOString(), end: end.toISOString() },
      ...analyst.result(),
      failure_rate: isOfAll ? await this.failureRate(start, end, origin) : null,
    };
  }

  private async failureRate(start: Date, end: Date, origin: Origin): Promise<FailureAnalysis['failure_rate']> {
    const count = await this.runs.between(start, end, origin);
    return count && { ...count, ...rateOf(count.failed_runs, count.runs) };
  }
}
