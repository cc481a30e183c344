import type { MetricDefinition } from './metric-definition.js';

const service = ['metrics-service'] as const;

/** Of the history, the logs and the samples. */
export const metricsServiceMetrics = {
  kintsugi_log_lines_total: { kind: 'counter', help: 'Lines of logs stored.', labels: [], emittedBy: service },
  kintsugi_log_bytes_total: {
    kind: 'counter',
    help: 'Bytes of logs stored, before they are packed.',
    labels: [],
    emittedBy: service,
  },
  kintsugi_log_lines_dropped_total: {
    kind: 'counter',
    help: 'Lines that workers dropped, because they came faster than logs are taken.',
    labels: [],
    emittedBy: service,
  },
  kintsugi_alerts_firing: {
    kind: 'gauge',
    help: 'Alerts of conditions that fire, told or kept quiet.',
    labels: [],
    emittedBy: service,
  },
  kintsugi_alert_looks_total: {
    kind: 'counter',
    help: 'Looks at all alert conditions, by outcome: done, failed.',
    labels: ['outcome'],
    emittedBy: service,
  },
  kintsugi_alertmanager_posts_total: {
    kind: 'counter',
    help: 'Times that an Alertmanager was told what fires, by outcome: taken, failed.',
    labels: ['outcome'],
    emittedBy: service,
  },
  kintsugi_logs_kept: { kind: 'gauge', help: 'Logs of jobs that are kept.', labels: [], emittedBy: service },
  kintsugi_log_stored_bytes: {
    kind: 'gauge',
    help: 'Bytes on disk of all logs of jobs.',
    labels: [],
    emittedBy: service,
  },
  kintsugi_logs_removed_total: {
    kind: 'counter',
    help: 'Logs of jobs that were removed, by reason: expired, crowded_out.',
    labels: ['reason'],
    emittedBy: service,
  },
  kintsugi_log_batches_refused_total: {
    kind: 'counter',
    help: 'Messages of log lines that could not be read.',
    labels: [],
    emittedBy: service,
  },
  kintsugi_history_rows_total: { kind: 'counter', help: 'Job history rows written.', labels: [], emittedBy: service },
  kintsugi_history_corrections_total: {
    kind: 'counter',
    help: 'Jobs that the history lacked, or had otherwise than the record.',
    labels: [],
    emittedBy: service,
  },
  kintsugi_history_lag_seconds: {
    kind: 'gauge',
    help: 'Age of the newest event when it reached the history.',
    labels: [],
    emittedBy: service,
  },
  kintsugi_usage_records_total: {
    kind: 'counter',
    help: 'Records written of what jobs and workers use.',
    labels: [],
    emittedBy: service,
  },
  kintsugi_usage_records_lost_total: {
    kind: 'counter',
    help: 'Records of what jobs and workers use that are gaps now, by reason: malformed, full (too many waited), store (it did not take them).',
    labels: ['reason'],
    emittedBy: service,
  },
} as const satisfies Record<string, MetricDefinition>;
