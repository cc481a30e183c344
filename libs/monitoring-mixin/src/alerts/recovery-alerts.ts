import type { Alert } from './alert.js';

/** Healing does not heal, or schedules are not kept. */
export const recoveryAlerts: readonly Alert[] = [
  {
    name: 'KintsugiRetryStorm',
    severity: 'ticket',
    expr: 'sum(rate(kintsugi_retries_total[10m])) / sum(rate(kintsugi_attempts_total[10m])) > 0.5 and on () sum(rate(kintsugi_retries_total[10m])) > 0.1',
    for: '10m',
    summary: '{{ $value | humanizePercentage }} of all runs end in a retry',
    description: 'More than half of what the workers do has to be done again.',
    dashboard: 'recovery',
    runbook: {
      means: 'Something that many tasks need is broken, and they are retried against it.',
      look: ['`./kintsugi groups`: which group of failures rises?', '`./kintsugi analyze` for its causes over time.'],
      mend: [
        'Pause the jobs that need what is broken: `./kintsugi pause JOB_ID`.',
        'Mend what is broken, then resume. Tasks that were given up are run again by `./kintsugi recover`.',
      ],
    },
  },
  {
    name: 'KintsugiRecoveryFailing',
    severity: 'ticket',
    expr: 'sum(rate(kintsugi_discards_total[30m])) / sum(rate(kintsugi_failures_total[30m])) > 0.5 and on () sum(rate(kintsugi_failures_total[30m])) > 0.01',
    for: '15m',
    summary: '{{ $value | humanizePercentage }} of failures are given up',
    description: 'Most failures of the last half hour were not healed by a retry.',
    dashboard: 'recovery',
    runbook: {
      means: 'Failures come that no retry heals: bad input, missing rights, a bug in a handler.',
      look: ['`./kintsugi groups` and `./kintsugi errors`: what do they have in common?', 'What was deployed last?'],
      mend: ['Mend the cause, then `./kintsugi recover` runs again what was given up, and nothing else.'],
    },
  },
  {
    name: 'KintsugiRetriesLate',
    severity: 'ticket',
    expr: 'histogram_quantile(0.99, sum by (le) (rate(kintsugi_retry_lag_seconds_bucket[10m]))) > 30',
    for: '10m',
    summary: 'Retries start {{ $value | humanizeDuration }} after they are due',
    description: 'That is the time which one in a hundred exceeds.',
    dashboard: 'recovery',
    runbook: {
      means: 'recovery-service starts retries late: it is overloaded, or was away.',
      look: [
        'Was it restarted? What fell due meanwhile is late by that much.',
        'Its CPU, and the time of its writes to MongoDB.',
      ],
      mend: ['It catches up by itself. Where it never does, give it more CPU.'],
    },
  },
  {
    name: 'KintsugiScheduleMissed',
    severity: 'ticket',
    expr: 'sum(increase(kintsugi_schedule_ticks_total{outcome="missed"}[15m])) > 0',
    for: '0s',
    summary: '{{ $value | humanize }} ticks of schedules had nobody to keep them',
    description: 'job-service was away for longer than the schedules allow, and their jobs were not made.',
    dashboard: 'recovery',
    runbook: {
      means: 'No job-service led while a schedule was due, for longer than the schedule catches up with.',
      look: ['`./kintsugi schedules`: which were missed, and when?', 'Why was job-service away then?'],
      mend: ['Make the jobs by hand where they are still wanted.', 'Run a second job-service that stands by.'],
    },
  },
  {
    name: 'KintsugiSlotsIsolated',
    severity: 'ticket',
    expr: 'sum(increase(kintsugi_recovery_slots_isolated_total[15m])) > 0',
    for: '0s',
    summary: '{{ $value | humanize }} working copies could not be repaired',
    description: 'They are kept apart for a person to look at, and their pool is smaller by as many.',
    dashboard: 'recovery',
    runbook: {
      means: 'A git working copy is corrupted in a way that no step of the ladder repairs.',
      look: ['`./kintsugi pool` lists the slots with what is wrong.', 'The disk of that host.'],
      mend: ['Mend the disk, or delete the folder of the slot: it is made anew from the mirror.'],
    },
  },
];
