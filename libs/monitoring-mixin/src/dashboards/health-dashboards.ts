import { targetsJob } from '../mixin-options.js';
import { errorRatio } from '../slo/burn-rates.js';
import { objectives } from '../slo/objectives.js';
import { lines, quantiles, rateWindow, stat, type DashboardSpec } from './dashboard.js';

const rate = (series: string): string => `rate(${series}[${rateWindow}])`;
const ofUs = `job="${targetsJob}"`;

export const recovery: DashboardSpec = {
  name: 'recovery',
  title: 'Kintsugi / Recovery',
  description: 'What fails, and what is healed.',
  variables: [],
  rows: [
    {
      title: 'Failures',
      panels: [
        lines(
          { title: 'Failures', description: 'Recorded in a second, by error type.', unit: 'ops' },
          { '{{error_type}}': `sum by (error_type) (${rate('kintsugi_failures_total')})` },
        ),
        lines(
          { title: 'Retries', description: 'Scheduled in a second, by error type.', unit: 'ops' },
          { '{{error_type}}': `sum by (error_type) (${rate('kintsugi_retries_total')})` },
        ),
        lines(
          { title: 'Healed', description: 'Failures that ended well, by method.', unit: 'ops' },
          { '{{method}}': `sum by (method) (${rate('kintsugi_recoveries_total')})` },
        ),
        lines(
          { title: 'Given up', description: 'Tasks given up, by the step of the decision.', unit: 'ops' },
          { '{{step}}': `sum by (step) (${rate('kintsugi_discards_total')})` },
        ),
        quantiles(
          { title: 'Lag of retries', description: 'How late retries start after they are due.', unit: 's' },
          'kintsugi_retry_lag_seconds',
        ),
        lines(
          { title: 'What the reconciler put right', description: 'In a second, by kind.', unit: 'ops' },
          { '{{kind}}': `sum by (kind) (${rate('kintsugi_reconcile_repairs_total')})` },
        ),
      ],
    },
    {
      title: 'Pools of working copies',
      panels: [
        lines(
          { title: 'Slots', description: 'Slots of pools, by state.', unit: 'none' },
          { '{{state}}': 'sum by (state) (kintsugi_pool_slots)' },
        ),
        lines(
          { title: 'Repairs', description: 'What the pool agents did in a second.', unit: 'ops' },
          {
            recovered: `sum(${rate('kintsugi_recovery_slots_recovered_total')})`,
            isolated: `sum(${rate('kintsugi_recovery_slots_isolated_total')})`,
            'taken back': `sum(${rate('kintsugi_recovery_slots_released_total')})`,
            'locks cleaned': `sum(${rate('kintsugi_recovery_locks_cleaned_total')})`,
          },
        ),
      ],
    },
  ],
};

export const slo: DashboardSpec = {
  name: 'slo',
  title: 'Kintsugi / Objectives',
  description: 'What users are promised, and how much of the error budget is left.',
  variables: [],
  rows: objectives.map(({ slo: name, title, objective }) => ({
    title,
    panels: [
      {
        ...stat(
          { title: `${title}: in three days`, description: `The objective is ${objective * 100} %.`, unit: 'percentunit' },
          `1 - max(${errorRatio('3d')}{slo="${name}"})`,
        ),
        columns: 8,
      },
      {
        ...lines(
          {
            title: `${title}: burn rate`,
            description: 'How many times faster than sustainable the budget of thirty days burns; pages come at 14.4 and 6.',
            unit: 'none',
          },
          Object.fromEntries(
            (['5m', '1h', '6h', '3d'] as const).map((window) => [
              `over ${window}`,
              `max(${errorRatio(window)}{slo="${name}"}) / ${Number((1 - objective).toPrecision(6))}`,
            ]),
          ),
        ),
        columns: 16,
      },
    ],
  })),
};

export const platform: DashboardSpec = {
  name: 'platform',
  title: 'Kintsugi / Platform',
  description: 'The processes, and what they stand on.',
  variables: [],
  rows: [
    {
      title: 'Processes',
      panels: [
        lines(
          { title: 'Ready', description: 'Whether each process has what it needs.', unit: 'none' },
          { '{{service}} {{instance}}': 'min by (service, instance) (kintsugi_ready)' },
        ),
        lines(
          { title: 'CPU', description: 'Cores in use.', unit: 'none' },
          { '{{service}} {{instance}}': `sum by (service, instance) (${rate(`process_cpu_seconds_total{${ofUs}}`)})` },
        ),
        lines(
          { title: 'Memory', description: 'Resident memory.', unit: 'bytes' },
          { '{{service}} {{instance}}': `sum by (service, instance) (process_resident_memory_bytes{${ofUs}})` },
        ),
        lines(
          { title: 'Event loop', description: 'How late it is; one in a hundred is later.', unit: 's' },
          { '{{service}} {{instance}}': `max by (service, instance) (nodejs_eventloop_lag_p99_seconds{${ofUs}})` },
        ),
        lines(
          { title: 'Garbage collection', description: 'Share of the time that it takes.', unit: 'percentunit' },
          { '{{service}} {{instance}}': `sum by (service, instance) (${rate(`nodejs_gc_duration_seconds_sum{${ofUs}}`)})` },
        ),
        lines(
          { title: 'Faults', description: 'Unexpected faults, dead letters, lost lines of the log, in a second.', unit: 'ops' },
          {
            'faults in {{service}}': `sum by (service) (${rate('kintsugi_escaped_faults_total')})`,
            'dead letters of {{service}}': `sum by (service) (${rate('kintsugi_dead_letters_total')})`,
            'lines lost by {{service}}': `sum by (service) (${rate('kintsugi_log_lines_lost_total')})`,
          },
        ),
        lines(
          {
            title: 'Logs of tasks',
            description: 'Lines in a second: stored, dropped, and messages that could not be read.',
            unit: 'ops',
          },
          {
            stored: `sum(${rate('kintsugi_log_lines_total')})`,
            dropped: `sum(${rate('kintsugi_log_lines_dropped_total')})`,
            unreadable: `sum(${rate('kintsugi_log_batches_refused_total')})`,
          },
        ),
        lines(
          { title: 'Bytes of logs', description: 'Stored in a second, before they are packed.', unit: 'Bps' },
          { bytes: `sum(${rate('kintsugi_log_bytes_total')})` },
        ),
      ],
    },
    {
      title: 'The API',
      panels: [
        lines(
          { title: 'Requests', description: 'In a second, by status.', unit: 'reqps' },
          {
            '{{http_response_status_code}}': `sum by (http_response_status_code) (${rate('http_server_request_duration_seconds_count')})`,
          },
        ),
        quantiles(
          { title: 'Duration of requests', description: 'Event streams do not count.', unit: 's' },
          'http_server_request_duration_seconds',
        ),
        lines(
          { title: 'Uploads and streams', description: 'Under way.', unit: 'none' },
          { '{{kind}}': 'sum by (kind) (kintsugi_gateway_places_held)' },
        ),
        lines(
          { title: 'Refused uploads and streams', description: 'In a second, by reason.', unit: 'ops' },
          { '{{kind}}: {{reason}}': `sum by (kind, reason) (${rate('kintsugi_gateway_places_refused_total')})` },
        ),
      ],
    },
    {
      title: 'NATS and MongoDB',
      panels: [
        lines(
          { title: 'Messages not read yet', description: 'What the readers of streams are behind.', unit: 'none' },
          { '{{consumer}}': 'max by (consumer) (kintsugi_consumer_pending)' },
        ),
        lines(
          {
            title: 'Messages under way',
            description: 'Given to readers and not acknowledged, and those given again.',
            unit: 'none',
          },
          {
            '{{consumer}}': 'max by (consumer) (kintsugi_consumer_unacknowledged)',
            '{{consumer}}, again': 'max by (consumer) (kintsugi_consumer_redelivered)',
          },
        ),
        lines(
          { title: 'Events not published yet', description: 'Written, and not taken by the broker.', unit: 'none' },
          { events: 'max(kintsugi_outbox_pending)' },
        ),
        lines(
          {
            title: 'Writes',
            description: 'Rows of history, corrections of it, and conditional writes that met another state.',
            unit: 'ops',
          },
          {
            'rows of history': `sum(${rate('kintsugi_history_rows_total')})`,
            'corrections of history': `sum(${rate('kintsugi_history_corrections_total')})`,
            conflicts: `sum(${rate('kintsugi_write_conflicts_total')})`,
          },
        ),
      ],
    },
  ],
};
