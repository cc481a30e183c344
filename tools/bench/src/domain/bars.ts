import type { Figures } from './figure-book.js';
import type { FigureName } from './figure-catalogue.js';
import { ratiosOf, rssGrowthOf } from './ratios.js';

/** A bar that a figure has to reach or to stay below. */
export interface Bar {
  name: string;
  says: string;
  value: number | null;
  bar: number;
  holds: 'at_least' | 'at_most';
  /** null when it was not measured. */
  passed: boolean | null;
}

/** Ten times the tasks may cost this much more memory and still count as flat: a heap is not collected to the byte. */
const flatGrowthMax = 1.25;
const pickupMsMax = 3;

export function barsOf(figures: Figures): Bar[] {
  const ratios = ratiosOf(figures);
  const of = (name: FigureName, says: string, holds: Bar['holds'], limit: number): Bar =>
    bar(name, says, medianOf(figures, name), holds, limit);
  return [
    bar('bulk_vs_bullmq', 'bulk, times the rate of BullMQ', ratios.bulk_vs_bullmq, 'at_least', 4),
    bar('bulk_vs_graphile', 'bulk, times the rate of graphile-worker', ratios.bulk_vs_graphile, 'at_least', 2),
    bar('single_vs_bullmq', 'single-task jobs, times the rate of BullMQ', ratios.single_vs_bullmq, 'at_least', 1.2),
    of('pickup_p50_ms', 'idle pickup, p50 in ms', 'at_most', pickupMsMax),
    bar('recovery_vs_bullmq', 'recovery of a killed worker, times faster', ratios.recovery_vs_bullmq, 'at_least', 10),
    bar('cpu_vs_bullmq', 'CPU of a bulk task, share of BullMQ’s', ratios.cpu_vs_bullmq, 'at_most', 1 / 3),
    of('flood_live_own_max_ms', '/health/live of the gateway in a flood, ms', 'at_most', 100),
    of('flood_job_service_own_max_ms', '/health/live of job-service in a flood, ms', 'at_most', 100),
    of('flood_gateway_rss_mb', 'memory of the gateway in a flood, MB', 'at_most', 400),
    of('failing_share', '10 % of tasks fail, times the rate without', 'at_least', 0.7),
    of('storm_slowdown', '10,000 tasks fail, p99 of healthy ones grows by', 'at_most', 2),
    of('errors_inbox_p99_ms', 'a page of the failure inbox, p99 in ms', 'at_most', 50),
    of('errors_search_p99_ms', 'search of error records, p99 in ms', 'at_most', 150),
    of('errors_analysis_ms', 'analysis of a month of failures, ms', 'at_most', 2_000),
    of('history_job_p99_ms', 'a job of the history by its id, p99 in ms', 'at_most', 5),
    of('history_page_p99_ms', 'a filtered page of 50 jobs, p99 in ms', 'at_most', 25),
    of('history_sums_ms', 'sums over a month of history, ms', 'at_most', 1_000),
    of('history_growth', 'history of 10 times the tasks takes, times', 'at_most', 1.5),
    of('history_streams_p99_ms', '500 streams hear of a job, p99 in ms', 'at_most', 1_000),
    of('history_rss_growth', 'memory of metrics-service from 10,000 jobs on', 'at_most', flatGrowthMax),
    of('change_seen_p99_ms', 'a change of a running job is seen, p99 in ms', 'at_most', 200),
    of('step_p50_ms', 'a step of a task is kept, p50 in ms', 'at_most', 3),
    of('grouping_per_s', 'messages sorted by kind, one core, a second', 'at_least', 50_000),
    of('grouping_hostile_ms', 'a hostile message is sorted, ms', 'at_most', 50),
    of('rerun_plan_p99_ms', 'rerun of 10,000 tasks is planned, p99 in ms', 'at_most', 200),
    of('backlog_dispatch_share', '1,000,000 ready, times the rate with few', 'at_least', 0.9),
    of('backlog_urgent_growth', '1,000,000 ready, p99 of urgent tasks grows by', 'at_most', 2),
    of('fair_delay_ms', '100,000 queued, a small job of another later by, ms', 'at_most', 2_000),
    of('layers_share', '100 layers, times the rate of free tasks', 'at_least', 0.3),
    of('retention_cost_percent', 'deletions slow tasks by, %', 'at_most', 5),
    of('tracing_cost_percent', 'tracing one job in a hundred slows jobs by, %', 'at_most', 5),
    of('console_shown_ms', 'the slowest page of the console is there, ms', 'at_most', 1_500),
    of('console_search_ms', 'the slowest search of jobs is answered, ms', 'at_most', 1_500),
    of('console_interaction_ms', 'a key or click in the console, p99 in ms', 'at_most', 100),
    of('console_grid_requests', 'requests for the tasks of a job', 'at_most', 2),
    of('console_grid_end_ms', 'the last of 1,000,000 tasks is there, ms', 'at_most', 1_500),
    of('console_grid_failed_ms', 'a failed one of 1,000,000 is there, ms', 'at_most', 1_500),
    of('console_bundle_kb', 'first page of the console by gzip, kB', 'at_most', 350),
    of('console_growth_percent', 'memory of a page grows in an hour by, %', 'at_most', 10),
    of('cli_overhead_ms', 'a command as a job, over a bare spawn, ms', 'at_most', 15),
    of('output_mb_per_s', 'output of one command, MB/s', 'at_least', 200),
    of('output_growth_mb', 'memory that its worker grows by, MB', 'at_most', 64),
    of('log_search_ms', 'search for a text in a log of 1 GB, ms', 'at_most', 2_000),
    of('log_tail_p99_ms', 'tail of a log by 50 readers, p99 in ms', 'at_most', 300),
    of('noop_slowdown_percent', '50 MB/s of logs slow no-op tasks by, %', 'at_most', 10),
    of('pool_look_100_s', '100 slots of a pool looked at, s', 'at_most', 10),
    of('pool_allocate_p99_ms', 'a slot given out, p99 in ms', 'at_most', 150),
    of('pool_slot_vs_remote', 'slot of 200 MB, times faster than a clone', 'at_least', 5),
    bar('rss_growth_100k_to_1m', 'memory of 1,000,000 tasks to 100,000', rssGrowthOf(figures), 'at_most', flatGrowthMax),
  ];
}

function medianOf(figures: Figures, name: FigureName): number | null {
  return figures[name]?.kintsugi?.median ?? null;
}

function bar(name: string, says: string, value: number | null, holds: Bar['holds'], limit: number): Bar {
  const passed = value === null ? null : holds === 'at_least' ? value >= limit : value <= limit;
  return { name, says, value, bar: limit, holds, passed };
}
