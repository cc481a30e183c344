import { describe, expect, test } from '@jest/globals';
import { barsOf } from './bars.js';
import { FigureBook, type Readings } from './figure-book.js';
import { lossesOf } from './losses.js';
import { ratiosOf, rssGrowthOf } from './ratios.js';
import type { SystemName } from './systems.js';

function figuresOf(runs: [SystemName, Readings][]) {
  const book = new FigureBook();
  for (const [system, readings] of runs) book.add(system, readings);
  return book.figures();
}

const measured = figuresOf([
  ['kintsugi', { bulk_per_s: 60_000, bulk_cpu_us: 30, pickup_p50_ms: 2, recovery_ms: 2_000, single_per_s: 11_000 }],
  ['bullmq', { bulk_per_s: 12_000, bulk_cpu_us: 120, pickup_p50_ms: 1, single_per_s: 10_000 }],
  ['graphile-worker', { bulk_per_s: 40_000, bulk_cpu_us: 55 }],
  ['kintsugi', { bulk_per_s: 50_000, bulk_cpu_us: 30, pickup_p50_ms: 2, recovery_ms: 2_000, single_per_s: 11_000 }],
  ['bullmq', { bulk_per_s: 10_000, bulk_cpu_us: 120, pickup_p50_ms: 1, single_per_s: 10_000 }],
  ['graphile-worker', { bulk_per_s: 20_000, bulk_cpu_us: 55 }],
  ['bullmq', { recovery_ms: 50_000 }],
  ['bullmq-always', { bulk_per_s: 10_000, single_per_s: 5_000 }],
  ['dbos', { single_per_s: 500 }],
  ['restate', { http_256_per_s: 1_000 }],
  ['kintsugi', { http_256_per_s: 3_000 }],
  ['kintsugi', { services_rss_100k_mb: 400, services_rss_1m_mb: 440 }],
]);

describe('ratios', () => {
  test('say how many times faster, and how much of the CPU', () => {
    expect(ratiosOf(measured)).toEqual({
      bulk_vs_bullmq: 5,
      bulk_vs_graphile: 2,
      single_vs_bullmq: 1.1,
      bulk_vs_bullmq_always: 6,
      single_vs_bullmq_always: 2.2,
      single_vs_dbos: 22,
      http_vs_restate: 3,
      recovery_vs_bullmq: 25,
      cpu_vs_bullmq: 0.25,
    });
    expect(rssGrowthOf(measured)).toBeCloseTo(1.1);
  });

  test('are null for what was not measured', () => {
    expect(new Set(Object.values(ratiosOf({})))).toEqual(new Set([null]));
    expect(rssGrowthOf({})).toBeNull();
  });
});

describe('bars', () => {
  test('are passed or not, each in its own direction', () => {
    const passed = Object.fromEntries(barsOf(measured).map((bar) => [bar.name, bar.passed]));
    expect(passed).toEqual({
      bulk_vs_bullmq: true,
      bulk_vs_graphile: true,
      single_vs_bullmq: false,
      pickup_p50_ms: true,
      recovery_vs_bullmq: true,
      cpu_vs_bullmq: true,
      flood_live_own_max_ms: null,
      flood_job_service_own_max_ms: null,
      flood_gateway_rss_mb: null,
      failing_share: null,
      storm_slowdown: null,
      errors_inbox_p99_ms: null,
      errors_search_p99_ms: null,
      errors_analysis_ms: null,
      history_job_p99_ms: null,
      history_page_p99_ms: null,
      history_sums_ms: null,
      history_growth: null,
      history_streams_p99_ms: null,
      history_rss_growth: null,
      change_seen_p99_ms: null,
      step_p50_ms: null,
      grouping_per_s: null,
      grouping_hostile_ms: null,
      rerun_plan_p99_ms: null,
      backlog_dispatch_share: null,
      backlog_urgent_growth: null,
      fair_delay_ms: null,
      layers_share: null,
      retention_cost_percent: null,
      tracing_cost_percent: null,
      console_shown_ms: null,
      console_search_ms: null,
      console_interaction_ms: null,
      console_grid_requests: null,
      console_grid_end_ms: null,
      console_grid_failed_ms: null,
      console_bundle_kb: null,
      console_growth_percent: null,
      cli_overhead_ms: null,
      output_mb_per_s: null,
      output_growth_mb: null,
      log_search_ms: null,
      log_tail_p99_ms: null,
      noop_slowdown_percent: null,
      pool_look_100_s: null,
      pool_allocate_p99_ms: null,
      pool_slot_vs_remote: null,
      rss_growth_100k_to_1m: true,
    });
  });

  test('of commands and their logs are those of their issue', () => {
    const bounds = {
      cli_overhead_ms: 15,
      output_growth_mb: 64,
      log_search_ms: 2_000,
      log_tail_p99_ms: 300,
      noop_slowdown_percent: 10,
    };
    const verdicts = (readings: Readings) =>
      barsOf(figuresOf([['kintsugi', readings]])).flatMap(({ name, passed }) => (name in bounds ? [[name, passed]] : []));
    const beyond = Object.fromEntries(Object.entries(bounds).map(([name, bound]) => [name, bound + 1]));
    expect(verdicts(bounds).map(([, passed]) => passed)).toEqual([true, true, true, true, true]);
    expect(verdicts(beyond).map(([, passed]) => passed)).toEqual([false, false, false, false, false]);
  });

  test('of failures that are kept, of steps and of repairs, are those of their issue', () => {
    const bounds = {
      errors_inbox_p99_ms: 50,
      errors_search_p99_ms: 150,
      errors_analysis_ms: 2_000,
      step_p50_ms: 3,
      change_seen_p99_ms: 200,
      grouping_hostile_ms: 50,
      rerun_plan_p99_ms: 200,
    };
    const verdicts = (readings: Readings) =>
      barsOf(figuresOf([['kintsugi', readings]])).flatMap(({ name, passed }) => (name in bounds ? [passed] : []));
    const beyond = Object.fromEntries(Object.entries(bounds).map(([name, bound]) => [name, bound + 1]));
    expect(verdicts(bounds)).toEqual(Object.keys(bounds).map(() => true));
    expect(verdicts(beyond)).toEqual(Object.keys(bounds).map(() => false));
  });

  test('of the console are those of its issue', () => {
    const bounds = {
      console_shown_ms: 1_500,
      console_search_ms: 1_500,
      console_interaction_ms: 100,
      console_grid_requests: 2,
      console_grid_end_ms: 1_500,
      console_grid_failed_ms: 1_500,
      console_bundle_kb: 350,
      console_growth_percent: 10,
    };
    const verdicts = (readings: Readings) =>
      barsOf(figuresOf([['kintsugi', readings]])).flatMap(({ name, passed }) => (name in bounds ? [passed] : []));
    const beyond = Object.fromEntries(Object.entries(bounds).map(([name, bound]) => [name, bound + 1]));
    expect(verdicts(bounds)).toEqual(Object.keys(bounds).map(() => true));
    expect(verdicts(beyond)).toEqual(Object.keys(bounds).map(() => false));
  });

  test('of messages sorted by kind is a rate that must be reached', () => {
    const passed = (rate: number) =>
      barsOf(figuresOf([['kintsugi', { grouping_per_s: rate }]])).find(({ name }) => name === 'grouping_per_s')?.passed;
    expect([passed(49_999), passed(50_000)]).toEqual([false, true]);
  });

  test('of a flood hold for what a service itself lets one wait, and for the memory of the gateway', () => {
    const verdicts = (own: number, rss: number) =>
      barsOf(
        figuresOf([
          [
            'kintsugi',
            {
              flood_live_max_ms: 900,
              flood_live_own_max_ms: own,
              flood_job_service_own_max_ms: own,
              flood_gateway_rss_mb: rss,
            },
          ],
        ]),
      ).flatMap(({ name, passed }) => (name.startsWith('flood_') ? [passed] : []));
    expect(verdicts(100, 400)).toEqual([true, true, true]);
    expect(verdicts(101, 401)).toEqual([false, false, false]);
  });

  test('are open when nothing was measured', () => {
    expect(barsOf({}).every(({ passed }) => passed === null)).toBe(true);
  });
});

describe('losses', () => {
  test('name whoever is better in whatever figure, the widest gap first', () => {
    expect(lossesOf(measured)).toEqual([{ figure: 'pickup_p50_ms', to: 'bullmq', ours: 2, theirs: 1, factor: 2 }]);
  });

  test('count what cannot be measured as the widest gap, and leave out parts of another figure', () => {
    const figures = figuresOf([
      ['kintsugi', { idle_cpu_percent: 5, idle_memory_mb: 500, bulk_cpu_services_us: 15 }],
      ['bullmq', { idle_cpu_percent: 0, idle_memory_mb: 50, bulk_cpu_services_us: 0 }],
    ]);
    expect(lossesOf(figures)).toEqual([
      { figure: 'idle_cpu_percent', to: 'bullmq', ours: 5, theirs: 0, factor: null },
      { figure: 'idle_memory_mb', to: 'bullmq', ours: 500, theirs: 50, factor: 10 },
    ]);
  });
});
