import type { Figures } from './figure-book.js';
import { pairedRatio } from './statistics.js';

/**
 * How we compare, null where a side is missing. Rates and recovery say how many times better we are; CPU says how much
 * of theirs we use.
 */
export interface Ratios {
  bulk_vs_bullmq: number | null;
  bulk_vs_graphile: number | null;
  single_vs_bullmq: number | null;
  bulk_vs_bullmq_always: number | null;
  single_vs_bullmq_always: number | null;
  single_vs_dbos: number | null;
  http_vs_restate: number | null;
  recovery_vs_bullmq: number | null;
  cpu_vs_bullmq: number | null;
}

export function ratiosOf(figures: Figures): Ratios {
  const { bulk_per_s: bulk, single_per_s: single, http_256_per_s: http, recovery_ms: recovery, bulk_cpu_us: cpu } = figures;
  return {
    bulk_vs_bullmq: pairedRatio(bulk?.kintsugi, bulk?.bullmq),
    bulk_vs_graphile: pairedRatio(bulk?.kintsugi, bulk?.['graphile-worker']),
    single_vs_bullmq: pairedRatio(single?.kintsugi, single?.bullmq),
    bulk_vs_bullmq_always: pairedRatio(bulk?.kintsugi, bulk?.['bullmq-always']),
    single_vs_bullmq_always: pairedRatio(single?.kintsugi, single?.['bullmq-always']),
    single_vs_dbos: pairedRatio(single?.kintsugi, single?.dbos),
    http_vs_restate: pairedRatio(http?.kintsugi, http?.restate),
    // BullMQ's takes up to a minute and is measured once; ours is the median of all runs.
    recovery_vs_bullmq: recovery?.kintsugi && recovery.bullmq ? recovery.bullmq.median / recovery.kintsugi.median : null,
    cpu_vs_bullmq: pairedRatio(cpu?.kintsugi, cpu?.bullmq),
  };
}

/** How much the memory of our own processes grows with ten times the tasks; null when it was not measured. */
export function rssGrowthOf(figures: Figures): number | null {
  const [small, large] = [figures.services_rss_100k_mb?.kintsugi, figures.services_rss_1m_mb?.kintsugi];
  return small && large ? large.median / small.median : null;
}
