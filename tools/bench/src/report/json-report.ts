import type { BenchResults } from '../bench-results.js';
import { barsOf } from '../domain/bars.js';
import { figureCatalogue, type FigureName } from '../domain/figure-catalogue.js';
import { lossesOf } from '../domain/losses.js';
import { ratiosOf, rssGrowthOf } from '../domain/ratios.js';

/** The one JSON value of `bench --json`. */
export function jsonReport(results: BenchResults): Record<string, unknown> {
  const { plan, conditions, figures, systems, leftOut, failedRuns } = results;
  return {
    quick: plan.quick,
    runs: plan.runs,
    started_at: results.startedAt,
    duration_s: results.durationS,
    machine: {
      cpu: conditions.cpu,
      cores: conditions.cores,
      memory_mb: conditions.memoryMb,
      os: conditions.os,
      node: conditions.node,
      load_average: conditions.loadAverage,
    },
    sizes: {
      bulk_tasks: plan.bulkTasks,
      single_jobs: plan.singleJobs,
      single_jobs_on_postgres: plan.singleJobsOnPostgres,
      http_jobs: plan.httpJobs,
      pickups_a_run: plan.pickups,
      commands: plan.commands,
      output_bytes: plan.outputBytes,
      searched_bytes: plan.searchedBytes,
      ticks: plan.ticks,
      pool_rounds: plan.poolRounds,
      pool_allocations: plan.poolAllocations,
      error_records: plan.errorRecords,
      error_groups: plan.errorGroups,
      searches: plan.searches,
      change_rounds: plan.changeRounds,
      steps: plan.steps,
      messages: plan.messages,
      plans: plan.plans,
      tracing_pairs: plan.tracingPairs,
      history_jobs: plan.historyJobs,
      console_tasks: plan.consoleTasks,
      console_rounds: plan.consoleRounds,
    },
    systems,
    left_out: leftOut,
    exact: failedRuns.length === 0,
    exact_runs: results.exactRuns,
    failed_runs: failedRuns,
    repeated_runs: results.repeatedRuns,
    figures: Object.fromEntries(
      Object.entries(figures).map(([name, bySystem]) => [name, { unit: figureCatalogue[name as FigureName].unit, ...bySystem }]),
    ),
    by_process: results.byProcess,
    ratios: ratiosOf(figures),
    pickup_p50_ms: figures.pickup_p50_ms?.kintsugi?.median ?? null,
    rss_growth_100k_to_1m: rssGrowthOf(figures),
    bars: barsOf(figures),
    losses: lossesOf(figures),
  };
}
