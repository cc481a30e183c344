import { targetsJob } from '../mixin-options.js';
import type { Alert } from './alert.js';

const services = ['gateway', 'job-service', 'recovery-service', 'metrics-service'];
const ofUs = `job="${targetsJob}"`;

/** The processes themselves. */
export const platformAlerts: readonly Alert[] = [
  {
    name: 'KintsugiServiceDown',
    severity: 'page',
    expr: `up{${ofUs}} == 0`,
    for: '1m',
    summary: '{{ $labels.service }} ({{ $labels.instance }}) is down or hangs',
    description: 'Its ops port has not answered for a minute.',
    dashboard: 'platform',
    runbook: {
      means: 'The process is gone or does nothing any more. Another replica takes over where there is one.',
      look: ['`./kintsugi status`: does its supervisor restart it?', 'The end of its log.'],
      mend: ['Start it. What it left undone is made up for at its start.'],
    },
  },
  {
    name: 'KintsugiServiceMissing',
    severity: 'page',
    expr: services.map((service) => `absent(up{${ofUs}, service="${service}"})`).join(' or '),
    for: '5m',
    summary: 'There is no {{ $labels.service }}',
    description: 'No process of this service is a target of Prometheus.',
    dashboard: 'platform',
    runbook: {
      means:
        'None was started, or the last one went away more than ten minutes ago; or the gateway does not answer `/metrics/targets`.',
      look: ['`./kintsugi health`.', 'The page Targets of Prometheus: can it reach `/metrics/targets`, and does it have a key?'],
      mend: ['Start the service.', 'With AUTH=on, give Prometheus a key of the role viewer.'],
    },
  },
  {
    name: 'KintsugiServiceNotReady',
    severity: 'page',
    expr: 'min by (service, instance, check) (kintsugi_ready) == 0',
    for: '2m',
    summary: '{{ $labels.service }} ({{ $labels.instance }}) cannot work: {{ $labels.check }}',
    description: 'The process lives, and something that it needs is missing.',
    dashboard: 'platform',
    runbook: {
      means: 'A service waits for NATS, for MongoDB, or for its own start.',
      look: ['`./kintsugi health` names what is missing and what to do.', '`/health/ready` at its ops port says why.'],
      mend: ['Bring back what is missing. The service goes on by itself.'],
    },
  },
  {
    name: 'KintsugiRestarting',
    severity: 'ticket',
    expr: `max by (service) (changes(process_start_time_seconds{${ofUs}}[15m])) > 2`,
    for: '0s',
    summary: '{{ $labels.service }} restarts again and again',
    description: '{{ $value | humanize }} restarts within fifteen minutes.',
    dashboard: 'platform',
    runbook: {
      means: 'A process ends soon after each start.',
      look: ['The end of its log: exit code 78 means that a setting is wrong.', 'The kernel log: was it the OOM killer?'],
      mend: ['Correct the setting, or give it more memory.'],
    },
  },
  {
    name: 'KintsugiEventLoopLag',
    severity: 'ticket',
    expr: `max by (service, instance) (nodejs_eventloop_lag_p99_seconds{${ofUs}}) > 0.5`,
    for: '10m',
    summary: '{{ $labels.service }} ({{ $labels.instance }}) answers {{ $value | humanizeDuration }} late',
    description: 'Its event loop is busy for so long at a time that everything else waits.',
    dashboard: 'platform',
    runbook: {
      means: 'The process has more to do than one core can, or is not given its CPU.',
      look: ['Its CPU on the dashboard Platform.', 'CPU limits of its container: throttling looks like this.'],
      mend: ['Give it a core of its own, or run more replicas of the gateway.'],
    },
  },
  {
    name: 'KintsugiLogLinesLost',
    severity: 'ticket',
    expr: 'sum by (service, instance) (increase(kintsugi_log_lines_lost_total[15m])) > 0',
    for: '0s',
    summary: '{{ $labels.service }} ({{ $labels.instance }}) cannot write its log',
    description: '{{ $value | humanize }} lines were lost within fifteen minutes.',
    dashboard: 'platform',
    runbook: {
      means: 'The disk of the logs is full, or whoever reads them is gone.',
      look: ['`df` on its host.'],
      mend: ['Make room, or start what reads its output.'],
    },
  },
  {
    name: 'KintsugiTaskLogsDropped',
    severity: 'ticket',
    expr: 'sum(increase(kintsugi_log_lines_dropped_total[15m])) > 0',
    for: '0s',
    summary: '{{ $value | humanize }} lines of the logs of tasks were dropped',
    description: 'Workers drop lines that come faster than logs are taken. The tasks themselves are not slowed.',
    dashboard: 'platform',
    runbook: {
      means: 'Handlers or commands write more than the platform takes of them, and what is too much is missing from their logs.',
      look: ['`./kintsugi logs JOB_ID` of the jobs that ran then: a gap is told where it is.'],
      mend: ['Have the handler write less, or write what is much to a file of its own.'],
    },
  },
  {
    name: 'KintsugiLabelOverflow',
    severity: 'ticket',
    expr: 'sum by (service) (increase(kintsugi_label_overflow_total[1h])) > 0',
    for: '0s',
    summary: '{{ $labels.service }} has more label values than its metrics keep apart',
    description: 'More than a hundred job types, routes or error types: the rest is counted together as _other.',
    dashboard: 'platform',
    runbook: {
      means: 'Metrics keep a hundred values of a label apart, so that they stay small.',
      look: ['`/metrics` at its ops port: which metric has `_other`?', 'Does somebody put ids into job types or error types?'],
      mend: ['Use few job types and error types; what differs from job to job belongs into labels of the job.'],
    },
  },
];
