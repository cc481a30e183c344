import type { Alert } from './alert.js';

/** What should never be, and what holds the record and its readers apart. */
export const correctnessAlerts: readonly Alert[] = [
  {
    name: 'KintsugiDeadLetters',
    severity: 'ticket',
    expr: 'sum by (service, reason) (increase(kintsugi_dead_letters_total[15m])) > 0',
    for: '0s',
    summary: '{{ $labels.service }} has put messages aside as dead letters: {{ $labels.reason }}',
    description: '{{ $value | humanize }} within fifteen minutes. They are kept in its database, with the reason.',
    dashboard: 'platform',
    runbook: {
      means: 'A command or event could not be read or handled, and was kept where a person can see it.',
      look: [
        '`kintsugi dead-letters list`, and `show ID`: each has its reason, what it says, and what a replay does.',
        'Which producer sends it? The headers name it.',
      ],
      mend: [
        'Refused: correct the producer, and have it send what was meant once more. `kintsugi dead-letters discard ID` removes what nobody needs.',
        'INTERNAL: once the cause is mended, `kintsugi dead-letters replay --all --reason INTERNAL`. What was carried out since is not again.',
      ],
    },
  },
  {
    name: 'KintsugiFencingRejections',
    severity: 'ticket',
    expr: 'sum(increase(kintsugi_fencing_rejections_total[15m])) > 10',
    for: '0s',
    summary: '{{ $value | humanize }} results were refused because others hold the lease',
    description:
      'Workers report results of tasks that have been given to others meanwhile. No result counts twice; the work was done twice.',
    dashboard: 'workers',
    runbook: {
      means: 'Workers are taken for lost though they live: they stop for seconds, or the network between them and NATS does.',
      look: [
        'The dashboard Workers: are workers lost at the same time?',
        'CPU throttling of the workers, and pauses of their virtual machines.',
      ],
      mend: ['Give workers CPU of their own. Handlers that have effects outside must use RUN_KEY, or be `unsafe`.'],
    },
  },
  {
    name: 'KintsugiOutboxStuck',
    severity: 'page',
    expr: 'max(kintsugi_outbox_pending) > 1000',
    for: '10m',
    summary: '{{ $value | humanize }} events wait to be published',
    description: 'The record has them; retries, history and webhooks do not learn of them until the broker takes them.',
    dashboard: 'platform',
    runbook: {
      means: 'job-service has written events that NATS does not take.',
      look: [
        'Is nats-server up, and has its disk room? `./kintsugi health` says so.',
        'The log of job-service names the reason.',
      ],
      mend: ['Make room for JetStream, or bring NATS back. What waits is published by itself, in order.'],
    },
  },
  {
    name: 'KintsugiReaderBehind',
    severity: 'ticket',
    expr: 'max by (stream, consumer) (kintsugi_consumer_pending) > 10000',
    for: '10m',
    summary: '{{ $labels.consumer }} is {{ $value | humanize }} messages behind',
    description: 'Messages of {{ $labels.stream }} come faster than their reader handles them.',
    dashboard: 'platform',
    runbook: {
      means: 'A service reads a stream more slowly than it grows. Retries or the history lag behind meanwhile.',
      look: ['Is the service up and ready?', 'Is MongoDB slow? Its writes are what most readers wait for.'],
      mend: ['Give MongoDB faster disks or the service more CPU. A burst is caught up with by itself.'],
    },
  },
  {
    name: 'KintsugiRedelivery',
    severity: 'ticket',
    expr: 'max by (stream, consumer) (kintsugi_consumer_redelivered) > 100',
    for: '15m',
    summary: '{{ $labels.consumer }} is given {{ $value | humanize }} messages over and over',
    description: 'Messages of {{ $labels.stream }} come again because they are not acknowledged.',
    dashboard: 'platform',
    runbook: {
      means:
        'A reader takes messages and does not get done with them: its database is away, or it ends before it can acknowledge.',
      look: ['Its log, and whether it restarts: `./kintsugi status`.', 'Whether its database answers: `./kintsugi health`.'],
      mend: ['Bring its database back. Handling is idempotent: what comes again changes nothing.'],
    },
  },
  {
    name: 'KintsugiEscapedFaults',
    severity: 'ticket',
    expr: 'sum by (service, kind) (increase(kintsugi_escaped_faults_total[15m])) > 0',
    for: '0s',
    summary: 'Unexpected faults in {{ $labels.service }}: {{ $labels.kind }}',
    description: '{{ $value | humanize }} within fifteen minutes. Each is a bug that a boundary held back, and is logged.',
    dashboard: 'platform',
    runbook: {
      means: 'Something happened that no code expected. The process goes on; what it was doing may not have been done.',
      look: ['The log of the service at that time: the fault stands there with its stack.'],
      mend: ['Report it with the stack. Where it repeats, restart the process: the reconciler makes up for what was not done.'],
    },
  },
  {
    name: 'KintsugiHistoryBehind',
    severity: 'ticket',
    expr: 'max(kintsugi_history_lag_seconds) > 60 and on () max(kintsugi_consumer_pending{consumer="metrics-service-jobs"}) > 0',
    for: '10m',
    summary: 'The history of jobs is {{ $value | humanizeDuration }} behind',
    description: 'What lists and statistics show is old. The record itself is right.',
    dashboard: 'platform',
    runbook: {
      means: 'metrics-service writes history more slowly than jobs end.',
      look: ['Is metrics-service up and ready?', 'How busy is MongoDB?'],
      mend: ['It catches up by itself. Where it never does, give it and MongoDB more CPU.'],
    },
  },
];
