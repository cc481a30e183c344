/** What an alert sees, step by step, in the notation of promtool. */
type Series = Record<string, string>;

export interface AlertCase {
  alert: string;
  /** How far apart what it sees lies, and how often Prometheus looks. @default a minute */
  step?: string;
  /** With this it fires at `firesAt`, and not yet at `notYetAt`: it has to be so for a while. */
  fires: Series;
  firesAt: string;
  notYetAt?: string;
  /** Much the same, and no reason to wake anybody. */
  silent: Series;
}

/** Nobody reads a counter's first value as a rise. */
const rising = (perStep: number, steps = 60): string => `0+${perStep}x${steps}`;
const steady = (value: number, steps = 60): string => `${value}x${steps}`;
/** Three days in steps of half an hour. */
const days = 3 * 24 * 2;
const slow = { step: '30m', notYetAt: '30m', firesAt: '2d' } as const;

const up = (service: string, value: string): Series => ({ [`up{job="kintsugi",service="${service}",instance="a"}`]: value });
const everyServiceBut = (missing: string): Series =>
  Object.assign(
    {},
    ...['gateway', 'job-service', 'recovery-service', 'metrics-service']
      .filter((name) => name !== missing)
      .map((name) => up(name, steady(1))),
  ) as Series;
const jobs = (completed: number, failed: number, steps: number): Series => ({
  'kintsugi_jobs_finished_total{type="send",status="completed"}': rising(completed, steps),
  'kintsugi_jobs_finished_total{type="send",status="failed"}': rising(failed, steps),
});
const waits = (all: number, inTime: number, steps: number): Series => ({
  'kintsugi_task_wait_seconds_count{type="send"}': rising(all, steps),
  'kintsugi_task_wait_seconds_bucket{type="send",le="30"}': rising(inTime, steps),
});
const requests = (good: number, bad: number, steps: number): Series => ({
  'http_server_request_duration_seconds_count{http_response_status_code="200"}': rising(good, steps),
  'http_server_request_duration_seconds_count{http_response_status_code="503"}': rising(bad, steps),
});
const consumer = 'stream="EVENTS",consumer="metrics-service-jobs"';
const once = (series: string): Pick<AlertCase, 'fires' | 'firesAt' | 'silent'> => ({
  fires: { [series]: '0x4 1x60' },
  firesAt: '6m',
  silent: { [series]: steady(7) },
});

export const alertCases: readonly AlertCase[] = [
  {
    alert: 'KintsugiNoWorkers',
    fires: {
      'kintsugi_queue_oldest_ready_age_seconds{type="send"}': rising(60),
      'kintsugi_queue_workers{type="send"}': steady(0),
    },
    ...{ notYetAt: '2m', firesAt: '4m' },
    silent: {
      'kintsugi_queue_oldest_ready_age_seconds{type="send"}': rising(60),
      'kintsugi_queue_workers{type="send"}': steady(1),
    },
  },
  {
    alert: 'KintsugiQueueStalled',
    fires: {
      'kintsugi_queue_oldest_ready_age_seconds{type="send"}': rising(60),
      'kintsugi_attempts_total{type="send",outcome="succeeded"}': steady(9),
    },
    ...{ notYetAt: '12m', firesAt: '17m' },
    silent: {
      'kintsugi_queue_oldest_ready_age_seconds{type="send"}': rising(60),
      'kintsugi_attempts_total{type="send",outcome="succeeded"}': rising(1),
    },
  },
  {
    alert: 'KintsugiJobsWedged',
    fires: { 'kintsugi_wedges{reason="CIRCLE"}': steady(1), 'kintsugi_wedges{reason="PAUSED"}': steady(0) },
    ...{ notYetAt: '0m', firesAt: '3m' },
    silent: { 'kintsugi_wedges{reason="CIRCLE"}': '1x0 0x60' },
  },
  {
    alert: 'KintsugiSlotsSaturated',
    fires: {
      ...{ 'kintsugi_worker_slots{state="used"}': steady(100), 'kintsugi_worker_slots{state="free"}': steady(0) },
      'kintsugi_queue_oldest_ready_age_seconds{type="send"}': steady(90),
    },
    ...{ notYetAt: '10m', firesAt: '16m' },
    silent: {
      ...{ 'kintsugi_worker_slots{state="used"}': steady(100), 'kintsugi_worker_slots{state="free"}': steady(0) },
      'kintsugi_queue_oldest_ready_age_seconds{type="send"}': steady(5),
    },
  },
  {
    alert: 'KintsugiWorkersLost',
    fires: { kintsugi_workers_lost_total: rising(1) },
    firesAt: '15m',
    silent: { kintsugi_workers_lost_total: '0x5 1x60' },
  },
  { alert: 'KintsugiJobSuccessBurnFast', fires: jobs(80, 20, 90), notYetAt: '1m', firesAt: '80m', silent: jobs(1000, 1, 90) },
  { alert: 'KintsugiJobSuccessBurnSlow', fires: jobs(98, 2, days), ...slow, silent: jobs(1000, 1, days) },
  { alert: 'KintsugiTaskWaitBurnFast', fires: waits(100, 60, 90), notYetAt: '1m', firesAt: '80m', silent: waits(1000, 999, 90) },
  { alert: 'KintsugiTaskWaitBurnSlow', fires: waits(100, 96, days), ...slow, silent: waits(1000, 999, days) },
  { alert: 'KintsugiApiBurnFast', fires: requests(90, 10, 90), notYetAt: '1m', firesAt: '80m', silent: requests(10_000, 1, 90) },
  { alert: 'KintsugiApiBurnSlow', fires: requests(995, 5, days), ...slow, silent: requests(10_000, 1, days) },
  {
    alert: 'KintsugiRetryStorm',
    fires: {
      'kintsugi_retries_total{error_type="X"}': rising(60),
      'kintsugi_attempts_total{type="send",outcome="failed"}': rising(90),
    },
    ...{ notYetAt: '5m', firesAt: '14m' },
    silent: {
      'kintsugi_retries_total{error_type="X"}': rising(60),
      'kintsugi_attempts_total{type="send",outcome="succeeded"}': rising(900),
    },
  },
  {
    alert: 'KintsugiRecoveryFailing',
    fires: {
      'kintsugi_discards_total{error_type="X",step="attempts"}': rising(8),
      'kintsugi_failures_total{error_type="X"}': rising(10),
    },
    ...{ notYetAt: '10m', firesAt: '20m' },
    silent: {
      'kintsugi_discards_total{error_type="X",step="attempts"}': rising(1),
      'kintsugi_failures_total{error_type="X"}': rising(10),
    },
  },
  {
    alert: 'KintsugiRetriesLate',
    fires: {
      'kintsugi_retry_lag_seconds_bucket{le="30"}': rising(1),
      'kintsugi_retry_lag_seconds_bucket{le="300"}': rising(9),
      'kintsugi_retry_lag_seconds_bucket{le="+Inf"}': rising(9),
    },
    ...{ notYetAt: '8m', firesAt: '14m' },
    silent: {
      'kintsugi_retry_lag_seconds_bucket{le="30"}': rising(9),
      'kintsugi_retry_lag_seconds_bucket{le="300"}': rising(9),
      'kintsugi_retry_lag_seconds_bucket{le="+Inf"}': rising(9),
    },
  },
  {
    alert: 'KintsugiScheduleMissed',
    fires: { 'kintsugi_schedule_ticks_total{outcome="missed"}': '0x4 1x60' },
    firesAt: '6m',
    silent: { 'kintsugi_schedule_ticks_total{outcome="skipped"}': rising(1) },
  },
  { alert: 'KintsugiSlotsIsolated', ...once('kintsugi_recovery_slots_isolated_total') },
  { alert: 'KintsugiDeadLetters', ...once('kintsugi_dead_letters_total{service="job-service",reason="unreadable"}') },
  {
    alert: 'KintsugiFencingRejections',
    fires: { kintsugi_fencing_rejections_total: rising(5) },
    firesAt: '10m',
    silent: { kintsugi_fencing_rejections_total: '0x5 3x60' },
  },
  {
    alert: 'KintsugiOutboxStuck',
    fires: { kintsugi_outbox_pending: steady(2_000) },
    notYetAt: '8m',
    firesAt: '11m',
    silent: { kintsugi_outbox_pending: '2000x5 3x60' },
  },
  {
    alert: 'KintsugiReaderBehind',
    fires: { [`kintsugi_consumer_pending{${consumer}}`]: steady(20_000) },
    ...{ notYetAt: '8m', firesAt: '11m' },
    silent: { [`kintsugi_consumer_pending{${consumer}}`]: '20000x5 100x60' },
  },
  {
    alert: 'KintsugiRedelivery',
    fires: { [`kintsugi_consumer_redelivered{${consumer}}`]: steady(200) },
    ...{ notYetAt: '13m', firesAt: '16m' },
    silent: { [`kintsugi_consumer_redelivered{${consumer}}`]: '200x5 0x60' },
  },
  { alert: 'KintsugiEscapedFaults', ...once('kintsugi_escaped_faults_total{service="gateway",kind="x"}') },
  {
    alert: 'KintsugiHistoryBehind',
    fires: { kintsugi_history_lag_seconds: steady(100), [`kintsugi_consumer_pending{${consumer}}`]: steady(5) },
    ...{ notYetAt: '8m', firesAt: '11m' },
    silent: { kintsugi_history_lag_seconds: steady(100), [`kintsugi_consumer_pending{${consumer}}`]: steady(0) },
  },
  {
    alert: 'KintsugiServiceDown',
    fires: up('gateway', '1x3 0x60'),
    ...{ notYetAt: '4m', firesAt: '6m' },
    silent: { 'up{job="something-else",service="gateway",instance="a"}': steady(0) },
  },
  {
    alert: 'KintsugiServiceMissing',
    fires: everyServiceBut('job-service'),
    ...{ notYetAt: '3m', firesAt: '6m' },
    silent: everyServiceBut(''),
  },
  {
    alert: 'KintsugiServiceNotReady',
    fires: { 'kintsugi_ready{service="gateway",instance="a",check="nats"}': steady(0) },
    ...{ notYetAt: '1m', firesAt: '3m' },
    silent: { 'kintsugi_ready{service="gateway",instance="a",check="nats"}': '0x1 1x60' },
  },
  {
    alert: 'KintsugiRestarting',
    fires: { 'process_start_time_seconds{job="kintsugi",service="gateway",instance="a"}': '1 2 3 4 5x60' },
    firesAt: '10m',
    silent: { 'process_start_time_seconds{job="kintsugi",service="gateway",instance="a"}': '1x5 2x60' },
  },
  {
    alert: 'KintsugiEventLoopLag',
    fires: { 'nodejs_eventloop_lag_p99_seconds{job="kintsugi",service="gateway",instance="a"}': steady(2) },
    ...{ notYetAt: '8m', firesAt: '11m' },
    silent: { 'nodejs_eventloop_lag_p99_seconds{job="kintsugi",service="gateway",instance="a"}': '2x5 0x60' },
  },
  { alert: 'KintsugiLogLinesLost', ...once('kintsugi_log_lines_lost_total{service="gateway",instance="a"}') },
  { alert: 'KintsugiTaskLogsDropped', ...once('kintsugi_log_lines_dropped_total') },
  { alert: 'KintsugiLabelOverflow', ...once('kintsugi_label_overflow_total{service="gateway"}') },
];
