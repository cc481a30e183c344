import type { Alert } from './alert.js';

/** Work waits, and there are not enough workers for it. */
export const capacityAlerts: readonly Alert[] = [
  {
    name: 'KintsugiNoWorkers',
    severity: 'page',
    expr: 'max by (type) (kintsugi_queue_oldest_ready_age_seconds) > 0 and max by (type) (kintsugi_queue_workers) == 0',
    for: '2m',
    summary: 'Tasks of {{ $labels.type }} wait, and no worker runs them',
    description: 'The oldest has waited for {{ $value | humanizeDuration }}, and no worker that is up offers {{ $labels.type }}.',
    dashboard: 'workers',
    runbook: {
      means:
        'Tasks of a type are ready, and no worker that is up and not draining runs that type. Nothing is lost; nothing moves either.',
      look: [
        '`./kintsugi status` and the dashboard Workers: are the workers of this type up?',
        '`./kintsugi why JOB_ID` of a job that waits says which queue nobody serves.',
        'Was the type misspelt by whoever made the jobs, or did a new version of the worker drop its handler?',
      ],
      mend: [
        'Start workers that handle the type. What waits is taken up within seconds.',
        'Jobs of a type that was never meant to be are ended by `./kintsugi cancel JOB_ID`.',
      ],
    },
  },
  {
    name: 'KintsugiQueueStalled',
    severity: 'page',
    expr: 'max by (type) (kintsugi_queue_oldest_ready_age_seconds) > 300 unless on (type) (sum by (type) (rate(kintsugi_attempts_total[10m])) > 0)',
    for: '10m',
    summary: 'Tasks of {{ $labels.type }} wait, and none has ended for ten minutes',
    description:
      'The oldest has waited for {{ $value | humanizeDuration }}, and no run of {{ $labels.type }} has ended in ten minutes.',
    dashboard: 'queues',
    runbook: {
      means: 'Tasks are ready, and yet no run of the type ends, well or badly.',
      look: [
        '`./kintsugi why JOB_ID` of the oldest job: it names what the job waits for.',
        'The dashboard Workers: are all slots used, by runs that take very long or hang?',
        'The log of job-service: does a replica lead, and can it write to MongoDB?',
      ],
      mend: [
        'Give the job type a `timeout_s`: a handler that hangs is then stopped and its task run again.',
        'Restart workers that hang; their tasks run elsewhere within seconds.',
      ],
    },
  },
  {
    name: 'KintsugiJobsWedged',
    severity: 'ticket',
    expr: 'max by (reason) (kintsugi_wedges) > 0',
    for: '1m',
    summary: 'Jobs cannot end as things stand: {{ $labels.reason }}',
    description: '{{ $value | humanize }} different things keep jobs from ending, and nothing that goes on will change that.',
    dashboard: 'queues',
    runbook: {
      means:
        'job-service has found jobs that wait for something that nothing under way can bring: a worker that is not there, more than any worker has, a paused job, or one another.',
      look: [
        '`./kintsugi jobs --status pending,running` says which jobs of the list cannot end.',
        '`./kintsugi why JOB_ID` of one of them names the chain of waits, and what ends it.',
        'The event `job.wedged` tells the same to webhooks, with the first hundred jobs of each tenant.',
      ],
      mend: [
        'NO_WORKER: start a worker that handles the type. RESOURCES: start a larger one, or submit the jobs with smaller `resource_limits`.',
        'PAUSED: `./kintsugi resume JOB_ID` of the job that the others wait for.',
        'CIRCLE: cancel one of the jobs, allow more under the key, or start another worker.',
      ],
    },
  },
  {
    name: 'KintsugiSlotsSaturated',
    severity: 'ticket',
    expr: 'sum(kintsugi_worker_slots{state="used"}) / sum(kintsugi_worker_slots) > 0.95 and on () max(kintsugi_queue_oldest_ready_age_seconds) > 60',
    for: '15m',
    summary: 'The workers are busy to {{ $value | humanizePercentage }}, and tasks wait',
    description: 'For fifteen minutes more than 95 % of all slots have been in use while a task has waited for over a minute.',
    dashboard: 'workers',
    runbook: {
      means: 'There is more work than the workers can do at once. Waiting times grow until more can run, or less comes.',
      look: [
        'The dashboard Queues: which type grows, and since when?',
        'The dashboard Job type: do its runs take longer than they used to?',
      ],
      mend: [
        'Start more workers, or raise WORKER_SLOTS where their CPU is not the limit.',
        'Pause what is less urgent: `./kintsugi pause JOB_ID`, or lower its priority.',
      ],
    },
  },
  {
    name: 'KintsugiWorkersLost',
    severity: 'ticket',
    expr: 'sum(increase(kintsugi_workers_lost_total[15m])) > 2',
    for: '0s',
    summary: '{{ $value | humanize }} workers were lost within fifteen minutes',
    description: 'They ended without saying so, or could not be heard. What they held runs elsewhere.',
    dashboard: 'workers',
    runbook: {
      means: 'Workers keep going away without draining: they are killed, run out of memory, or lose their connection.',
      look: [
        'The end of their logs, and of the kernel log: was it the OOM killer?',
        'Does one task kill them? It is isolated and quarantined in the end: `./kintsugi errors` lists it as WORKER_LOST.',
      ],
      mend: [
        'Give the workers more memory or fewer slots.',
        'Have them stopped by SIGTERM, which drains them, with enough time before SIGKILL.',
      ],
    },
  },
];
