/** One thing that is measured, for every system or only for some. */
export interface FigureDefinition {
  title: string;
  unit: string;
  better: 'more' | 'less';
  /** Digits after the point in reports. */
  digits: number;
  /** A part of another figure: shown, but not compared. */
  part?: true;
}

/** Every figure, once, by its name in the JSON output; reports follow this order. */
export const figureCatalogue = {
  bulk_per_s: { title: 'Bulk: submit and process', unit: 'tasks/s', better: 'more', digits: 0 },
  bulk_submit_per_s: { title: 'Bulk: submit', unit: 'tasks/s', better: 'more', digits: 0 },
  bulk_process_per_s: { title: 'Bulk: process', unit: 'tasks/s', better: 'more', digits: 0 },
  bulk_cpu_us: { title: 'Bulk: CPU a task, all', unit: 'us', better: 'less', digits: 1 },
  bulk_cpu_servers_us: { title: '  of that its servers', unit: 'us', better: 'less', digits: 1, part: true },
  bulk_cpu_services_us: { title: '  of that its services', unit: 'us', better: 'less', digits: 1, part: true },
  bulk_cpu_worker_us: { title: '  of that the worker', unit: 'us', better: 'less', digits: 1, part: true },
  bulk_cpu_producer_us: { title: '  of that the producer', unit: 'us', better: 'less', digits: 1, part: true },
  bulk_memory_mb: { title: 'Bulk: memory after, all (PSS)', unit: 'MB', better: 'less', digits: 0 },
  single_per_s: { title: 'Single: submit and process', unit: 'jobs/s', better: 'more', digits: 0 },
  single_submit_per_s: { title: 'Single: submit', unit: 'jobs/s', better: 'more', digits: 0 },
  single_cpu_us: { title: 'Single: CPU a job, all', unit: 'us', better: 'less', digits: 1 },
  http_64_per_s: { title: 'HTTP, 64 connections', unit: 'jobs/s', better: 'more', digits: 0 },
  http_64_p50_ms: { title: 'HTTP, 64 connections: p50', unit: 'ms', better: 'less', digits: 1 },
  http_64_p99_ms: { title: 'HTTP, 64 connections: p99', unit: 'ms', better: 'less', digits: 1 },
  http_256_per_s: { title: 'HTTP, 256 connections', unit: 'jobs/s', better: 'more', digits: 0 },
  http_256_p50_ms: { title: 'HTTP, 256 connections: p50', unit: 'ms', better: 'less', digits: 1 },
  http_256_p99_ms: { title: 'HTTP, 256 connections: p99', unit: 'ms', better: 'less', digits: 1 },
  pickup_p50_ms: { title: 'Pickup when idle, p50', unit: 'ms', better: 'less', digits: 2 },
  pickup_p99_ms: { title: 'Pickup when idle, p99', unit: 'ms', better: 'less', digits: 2 },
  recovery_ms: { title: 'Worker killed, 100 run again', unit: 'ms', better: 'less', digits: 0 },
  recovery_short_lock_ms: { title: '  the same with a lock of 2 s', unit: 'ms', better: 'less', digits: 0 },
  default_bulk_per_s: { title: 'Bulk, nothing tuned', unit: 'tasks/s', better: 'more', digits: 0 },
  idle_cpu_percent: { title: 'Idle: CPU, all processes', unit: '% core', better: 'less', digits: 2 },
  idle_memory_mb: { title: 'Idle: memory, all (PSS)', unit: 'MB', better: 'less', digits: 0 },
  services_rss_100k_mb: { title: 'RSS after 100,000, services', unit: 'MB', better: 'less', digits: 0 },
  services_rss_1m_mb: { title: 'RSS after 1,000,000, services', unit: 'MB', better: 'less', digits: 0 },
  servers_rss_100k_mb: { title: 'RSS after 100,000, servers', unit: 'MB', better: 'less', digits: 0 },
  servers_rss_1m_mb: { title: 'RSS after 1,000,000, servers', unit: 'MB', better: 'less', digits: 0 },
  flood_live_p50_ms: { title: 'Flood: /health/live, p50', unit: 'ms', better: 'less', digits: 1 },
  flood_live_p99_ms: { title: 'Flood: /health/live, p99', unit: 'ms', better: 'less', digits: 1 },
  flood_live_max_ms: { title: 'Flood: /health/live, longest', unit: 'ms', better: 'less', digits: 1 },
  flood_live_own_max_ms: { title: '  without waits for a core', unit: 'ms', better: 'less', digits: 1 },
  flood_live_ran_max_ms: { title: '  most that its loop ran', unit: 'ms', better: 'less', digits: 1 },
  flood_job_service_p99_ms: { title: 'Flood: job-service lives, p99', unit: 'ms', better: 'less', digits: 1 },
  flood_job_service_max_ms: { title: 'Flood: job-service, longest', unit: 'ms', better: 'less', digits: 1 },
  flood_job_service_own_max_ms: { title: '  without waits for a core', unit: 'ms', better: 'less', digits: 1 },
  flood_job_service_ran_max_ms: { title: '  most that its loop ran', unit: 'ms', better: 'less', digits: 1 },
  flood_idle_late_max_ms: { title: '  an idle process, late by', unit: 'ms', better: 'less', digits: 1, part: true },
  flood_gateway_rss_mb: { title: 'Flood: RSS of gateway, peak', unit: 'MB', better: 'less', digits: 0 },
  flood_job_service_rss_mb: { title: '  of job-service', unit: 'MB', better: 'less', digits: 0, part: true },
  flood_recovery_service_rss_mb: { title: '  of recovery-service', unit: 'MB', better: 'less', digits: 0, part: true },
  flood_metrics_service_rss_mb: { title: '  of metrics-service', unit: 'MB', better: 'less', digits: 0, part: true },
  failing_share: { title: '10 % fail once: rate to none', unit: 'x', better: 'more', digits: 2 },
  failing_none_per_s: { title: '  with none', unit: 'tasks/s', better: 'more', digits: 0, part: true },
  failing_tenth_per_s: { title: '  with 10 %', unit: 'tasks/s', better: 'more', digits: 0, part: true },
  storm_slowdown: { title: '10,000 fail: p99 of healthy', unit: 'x', better: 'less', digits: 1 },
  storm_calm_p99_ms: { title: '  nothing else runs, p99', unit: 'ms', better: 'less', digits: 1, part: true },
  storm_healthy_p99_ms: { title: '  10,000 beside succeed, p99', unit: 'ms', better: 'less', digits: 1, part: true },
  storm_failing_p99_ms: { title: '  10,000 beside fail, p99', unit: 'ms', better: 'less', digits: 1, part: true },
  cli_overhead_ms: { title: 'Command as a job: overhead', unit: 'ms', better: 'less', digits: 1 },
  cli_job_ms: { title: '  the job, p50', unit: 'ms', better: 'less', digits: 1, part: true },
  cli_spawn_ms: { title: '  a bare spawn, p50', unit: 'ms', better: 'less', digits: 1, part: true },
  output_mb_per_s: { title: 'Output of one command', unit: 'MB/s', better: 'more', digits: 0 },
  output_bare_mb_per_s: { title: '  the same, bare', unit: 'MB/s', better: 'more', digits: 0, part: true },
  output_growth_mb: { title: 'Worker grows by, peak', unit: 'MB', better: 'less', digits: 0 },
  log_intake_mb_per_s: { title: 'Logs taken in', unit: 'MB/s', better: 'more', digits: 0 },
  log_search_ms: { title: 'Search in 1 GB of a log', unit: 'ms', better: 'less', digits: 0 },
  log_search_bare_ms: { title: '  unpacked in one thread', unit: 'ms', better: 'less', digits: 0, part: true },
  log_tail_p50_ms: { title: 'Tail of a log, p50', unit: 'ms', better: 'less', digits: 0 },
  log_tail_p99_ms: { title: 'Tail of a log, p99', unit: 'ms', better: 'less', digits: 0 },
  log_tail_bare_p99_ms: { title: '  through a pipe, p99', unit: 'ms', better: 'less', digits: 1, part: true },
  noop_alone_per_s: { title: 'No-op tasks alone', unit: 'tasks/s', better: 'more', digits: 0 },
  noop_beside_bare_per_s: { title: '  beside bare writers', unit: 'tasks/s', better: 'more', digits: 0, part: true },
  noop_beside_logs_per_s: { title: '  beside their logs', unit: 'tasks/s', better: 'more', digits: 0, part: true },
  noop_slowdown_percent: { title: 'No-ops beside logs: slower by', unit: '%', better: 'less', digits: 1 },
  noop_bare_slowdown_percent: { title: '  beside bare writers', unit: '%', better: 'less', digits: 1, part: true },
  noop_lines_lost_percent: { title: '  lines that were dropped', unit: '%', better: 'less', digits: 1, part: true },
  pool_look_100_s: { title: 'Pools: look at 100 slots, full', unit: 's', better: 'less', digits: 1 },
  pool_allocate_p50_ms: { title: 'Pools: a slot given out, p50', unit: 'ms', better: 'less', digits: 0 },
  pool_allocate_p99_ms: { title: 'Pools: a slot given out, p99', unit: 'ms', better: 'less', digits: 0 },
  pool_slot_mirror_s: { title: 'Pools: 200 MB from the mirror', unit: 's', better: 'less', digits: 2 },
  pool_slot_remote_s: { title: '  the same by git from a remote', unit: 's', better: 'less', digits: 2, part: true },
  pool_slot_vs_remote: { title: '  times faster', unit: 'x', better: 'more', digits: 1, part: true },
  million_per_s: { title: 'A million in one job', unit: 'tasks/s', better: 'more', digits: 0 },
} as const satisfies Record<string, FigureDefinition>;

export type FigureName = keyof typeof figureCatalogue;

export const figureNames = Object.keys(figureCatalogue) as FigureName[];
