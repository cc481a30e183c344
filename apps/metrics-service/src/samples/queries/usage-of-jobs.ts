import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@kintsugi/hosting';
import type { MetricsServiceSettings } from '../../metrics-service.config.js';
import { metricRangeOf, type MetricRange } from '../domain/metric-range.js';
import { UsageBuckets } from '../domain/usage-buckets.js';
import { resolutionMs, type Resolution } from '../domain/usage-record.js';
import { keptMsOf } from '../kept-usage.js';
import { UsageStore } from '../usage-store.js';

export interface UsageRange {
  start: number;
  end: number;
  /** Null for what suits the time. */
  intervalMs: number | null;
}

export interface UsageOverTime {
  range: MetricRange;
  /** By job, of each that was asked for. */
  jobs: ReadonlyMap<string, UsageBuckets>;
}

/** What jobs used over a time: of what was made of it for longer, as far as that has come, and of what was sampled since. */
@Injectable()
export class UsageOfJobs {
  constructor(
    private readonly store: UsageStore,
    @Inject(SETTINGS) private readonly settings: MetricsServiceSettings,
  ) {}

  async execute(jobIds: readonly string[], asked: UsageRange): Promise<UsageOverTime> {
    const range = metricRangeOf({ ...asked, now: Date.now(), keptMs: keptMsOf(this.settings) });
    const jobs = new Map(jobIds.map((id) => [id, new UsageBuckets(range)]));
    const end = range.start + range.count * range.intervalMs;
    let from = range.start;
    for (const part of await this.partsOf(range.resolution)) {
      const until = Math.min(end, part.before);
      // A record is found by its middle, and may begin before the time or end after it.
      if (until > from) await this.addPart(part.resolution, jobs, from, until, from === range.start, until === end);
      from = Math.max(from, until);
    }
    return { range, jobs };
  }

  /** What is read of each resolution: the coarser up to where it has been made. */
  private async partsOf(resolution: Resolution): Promise<{ resolution: Resolution; before: number }[]> {
    const made = resolution === 'hour' ? (['hour', 'minute'] as const) : resolution === 'minute' ? (['minute'] as const) : [];
    const parts = await Promise.all(made.map(async (one) => ({ resolution: one, before: await this.store.madeUpTo(one) })));
    return [...parts, { resolution: 'sample', before: Infinity }];
  }

  private async addPart(
    resolution: Resolution,
    jobs: ReadonlyMap<string, UsageBuckets>,
    from: number,
    before: number,
    isFirst: boolean,
    isLast: boolean,
  ): Promise<void> {
    const reachMs = resolutionMs[resolution] / 2;
    const query = { from: isFirst ? from - reachMs : from, before: isLast ? before + reachMs : before };
    for await (const record of this.store.read(resolution, { kind: 'job', ids: [...jobs.keys()], ...query })) {
      jobs.get(record.id)?.add(record, resolution === 'sample' ? record.spanMs : resolutionMs[resolution]);
    }
  }
}
