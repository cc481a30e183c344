import { Inject, Injectable } from '@nestjs/common';
import { ProblemError, type ActionRequest, type FailureAnalysis } from '@kintsugi/contracts';
import { SETTINGS } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { Clock } from '../../platform/clock.js';
import type { RecoveryServiceSettings } from '../../recovery-service.config.js';
import { AnalysedRecords } from '../analysed-records.js';
import type { AnalysedPart } from '../domain/analysed-part.js';
import { rateOf } from '../domain/analysis-sums.js';
import { FailureAnalyst, type AnalysedGroup } from '../domain/failure-analyst.js';
import { RunsOfJobs } from '../runs-of-jobs.js';

const dayMs = 86_400_000;
const periodMsDefault = 30 * dayMs;
/** Whoever asks waits for a minute: he is told before it is over how far it came. */
const readMsMax = 55_000;

/** What failed in a period, what became of it, and how much retries helped. Each figure is exact over the records there are. */
@Injectable()
export class AnalyzeErrors {
  constructor(
    private readonly records: AnalysedRecords,
    private readonly runs: RunsOfJobs,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Pick<RecoveryServiceSettings, 'ERROR_RETENTION_DAYS'>,
  ) {}

  async execute({ period, error_types, job_ids }: ActionRequest<'analyzeErrors'>, origin: Origin): Promise<FailureAnalysis> {
    const now = this.clock.now();
    // The failure of this very moment is in it.
    const end = period ? new Date(period.end) : new Date(now + 1);
    const start = period ? new Date(period.start) : new Date(end.getTime() - periodMsDefault);
    const isOfAll = error_types === undefined && job_ids === undefined;
    const closed_after = new Date(now - this.settings.ERROR_RETENTION_DAYS * dayMs);
    const part = { start, end, error_types, job_ids, tenant: origin.actor.tenant ?? undefined, closed_after };
    const { top_groups: groups, ...sums } = (await this.sumUp(part, now)).result();
    return {
      period: { start: start.toISOString(), end: end.toISOString() },
      ...sums,
      top_groups: await this.called(groups, part),
      failure_rate: isOfAll ? await this.failureRate(start, end, origin) : null,
    };
  }

  private async sumUp(part: AnalysedPart, now: number): Promise<FailureAnalyst> {
    const analyst = new FailureAnalyst(part, now);
    const startedAt = performance.now();
    let read = 0;
    for await (const columns of this.records.read(part)) {
      analyst.add(columns);
      read += columns.at.length;
      if (performance.now() - startedAt > readMsMax) {
        throw (await this.records.hasLargeHour(part)) ? tooLarge(read) : notReady(read);
      }
      // Of many records, too, none that fails waits for its retry.
      await new Promise(setImmediate);
    }
    return analyst;
  }

  /** One whose last record was deleted at this very moment has no name any more, and is left out. */
  private async called(groups: readonly AnalysedGroup[], part: AnalysedPart): Promise<FailureAnalysis['top_groups']> {
    const faces = await this.records.facesOf(
      groups.map(({ group_id: id }) => id),
      part,
    );
    return groups.flatMap((group) => {
      const face = faces.get(group.group_id);
      return face ? [{ ...group, ...face }] : [];
    });
  }

  private async failureRate(start: Date, end: Date, origin: Origin): Promise<FailureAnalysis['failure_rate']> {
    const count = await this.runs.between(start, end, origin);
    return count && { ...count, ...rateOf(count.failed_runs, count.runs) };
  }
}

/** Asking again would not help. */
function tooLarge(read: number): ProblemError {
  const allowed = `as many as are summed up within ${readMsMax / 1_000} s`;
  return new ProblemError(
    'VALIDATION_FAILED',
    `${summedUp(read)} An hour of the period has more than are laid down for analyses. Narrow it by period, job_ids or error_types.`,
    { errors: [{ path: 'data.period', rule: 'TOO_MANY', got: `more than ${read} records`, allowed }] },
  );
}

function summedUp(read: number): string {
  return `${read} records were summed up within ${readMsMax / 1_000} s, and there are more.`;
}

function notReady(read: number): ProblemError {
  return new ProblemError(
    'ANALYSIS_NOT_READY',
    `${summedUp(read)} Hours of the past are laid down for it in the background: ask again in a minute, or for a shorter period.`,
  );
}
