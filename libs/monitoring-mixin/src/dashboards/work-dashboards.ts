import { lines, quantiles, rateWindow, stat, typeVariable, type DashboardSpec } from './dashboard.js';

const rate = (series: string): string => `rate(${series}[${rateWindow}])`;

/** Whether anything is wrong, in one look. */
export const overview: DashboardSpec = {
  name: 'overview',
  title: 'Kintsugi / Overview',
  description: 'Whether anything is wrong, in one look.',
  variables: [],
  rows: [
    {
      title: 'Now',
      panels: [
        stat(
          { title: 'Alerts that fire', description: 'Of Kintsugi, pages and tickets.', unit: 'none' },
          'count(ALERTS{product="kintsugi", alertstate="firing"}) or vector(0)',
        ),
        stat(
          { title: 'Oldest waiting task', description: 'How long the task has waited that has waited longest.', unit: 's' },
          'max(kintsugi_queue_oldest_ready_age_seconds) or vector(0)',
        ),
        stat({ title: 'Workers', description: 'Workers that are up.', unit: 'none' }, 'sum(kintsugi_workers{state="up"})'),
        stat(
          { title: 'Processes that cannot work', description: 'Down, or without something that they need.', unit: 'none' },
          'count(up{job="kintsugi"} == 0) or count(min by (service, instance) (kintsugi_ready) == 0) or vector(0)',
        ),
      ],
    },
    {
      title: 'Work',
      panels: [
        lines(
          { title: 'Jobs', description: 'Jobs accepted and ended in a second.', unit: 'ops' },
          {
            accepted: `sum(${rate('kintsugi_jobs_accepted_total')})`,
            '{{status}}': `sum by (status) (${rate('kintsugi_jobs_finished_total')})`,
          },
        ),
        lines(
          { title: 'Runs of tasks', description: 'Attempts that ended in a second, by outcome.', unit: 'ops' },
          { '{{outcome}}': `sum by (outcome) (${rate('kintsugi_attempts_total')})` },
        ),
        quantiles(
          { title: 'Wait', description: 'From acceptance to the start of the first run.', unit: 's' },
          'kintsugi_task_wait_seconds',
        ),
        lines(
          { title: 'Failures and healing', description: 'In a second.', unit: 'ops' },
          {
            failures: `sum(${rate('kintsugi_failures_total')})`,
            healed: `sum(${rate('kintsugi_recoveries_total')})`,
            'given up': `sum(${rate('kintsugi_discards_total')})`,
          },
        ),
      ],
    },
  ],
};

export const queues: DashboardSpec = {
  name: 'queues',
  title: 'Kintsugi / Queues',
  description: 'What waits, by job type.',
  variables: [typeVariable],
  rows: [
    {
      title: 'Queues',
      panels: [
        lines(
          { title: 'Age of the oldest waiting task', description: 'The best single sign of lag.', unit: 's' },
          { '{{type}}': 'max by (type) (kintsugi_queue_oldest_ready_age_seconds{type=~"$type"})' },
        ),
        lines(
          { title: 'Workers', description: 'Workers that run a type; 0 where tasks wait for one.', unit: 'none' },
          { '{{type}}': 'max by (type) (kintsugi_queue_workers{type=~"$type"})' },
        ),
        lines(
          { title: 'Wedges', description: 'Things for which jobs cannot end as it stands.', unit: 'none' },
          { '{{reason}}': 'max by (reason) (kintsugi_wedges)' },
        ),
        lines(
          { title: 'Tasks by state', description: 'Of unfinished jobs.', unit: 'none' },
          { '{{state}}': 'sum by (state) (kintsugi_queue_tasks{type=~"$type"})' },
        ),
        lines(
          { title: 'Tasks in and out', description: 'Tasks accepted and ended in a second.', unit: 'ops' },
          {
            accepted: `sum(${rate('kintsugi_tasks_accepted_total{type=~"$type"}')})`,
            ended: `sum(${rate('kintsugi_tasks_finished_total{type=~"$type"}')})`,
          },
        ),
      ],
    },
    {
      title: 'Schedules',
      panels: [
        lines(
          { title: 'Ticks', description: 'Ticks of schedules by what became of them.', unit: 'ops' },
          { '{{outcome}}': `sum by (outcome) (${rate('kintsugi_schedule_ticks_total')})` },
        ),
        quantiles(
          { title: 'Lag of schedules', description: 'From a tick to its job.', unit: 's' },
          'kintsugi_schedule_lag_seconds',
        ),
      ],
    },
  ],
};

const ofType = '{type=~"$type"}';

export const jobType: DashboardSpec = {
  name: 'job-type',
  title: 'Kintsugi / Job type',
  description: 'How the jobs of a type fare.',
  variables: [typeVariable],
  rows: [
    {
      title: 'Ends',
      panels: [
        lines(
          { title: 'Share of jobs that complete', description: 'Of those that completed or failed.', unit: 'percentunit' },
          {
            '{{type}}':
              `sum by (type) (${rate('kintsugi_jobs_finished_total{status="completed", type=~"$type"}')}) / ` +
              `sum by (type) (${rate('kintsugi_jobs_finished_total{status=~"completed|failed", type=~"$type"}')})`,
          },
        ),
        lines(
          { title: 'Tasks by their end', description: 'Tasks that reached a final state in a second.', unit: 'ops' },
          { '{{state}}': `sum by (state) (${rate(`kintsugi_tasks_finished_total${ofType}`)})` },
        ),
      ],
    },
    {
      title: 'Times',
      panels: [
        quantiles({ title: 'Wait', description: 'Until the first run starts.', unit: 's' }, 'kintsugi_task_wait_seconds', ofType),
        quantiles(
          { title: 'Run', description: 'Of runs that ended by themselves.', unit: 's' },
          'kintsugi_attempt_seconds',
          ofType,
        ),
        quantiles(
          { title: 'Until success', description: 'From acceptance to success, retries included.', unit: 's' },
          'kintsugi_task_outcome_seconds',
          ofType,
        ),
        lines(
          { title: 'Runs by outcome', description: 'Attempts that ended in a second.', unit: 'ops' },
          { '{{outcome}}': `sum by (outcome) (${rate(`kintsugi_attempts_total${ofType}`)})` },
        ),
      ],
    },
  ],
};

export const workers: DashboardSpec = {
  name: 'workers',
  title: 'Kintsugi / Workers',
  description: 'Who is there to do the work, and how busy they are.',
  variables: [],
  rows: [
    {
      title: 'Workers',
      panels: [
        lines(
          { title: 'Workers', description: 'Workers that beat.', unit: 'none' },
          { '{{state}}': 'sum by (state) (kintsugi_workers)' },
        ),
        lines(
          { title: 'Slots in use', description: 'Share of what the workers can run at once.', unit: 'percentunit' },
          { used: 'sum(kintsugi_worker_slots{state="used"}) / sum(kintsugi_worker_slots)' },
        ),
        lines(
          { title: 'Workers by type', description: 'Who could run which job type.', unit: 'none' },
          { '{{type}}': 'max by (type) (kintsugi_queue_workers)' },
        ),
        lines(
          { title: 'Lost workers', description: 'Taken for lost, and results that came too late.', unit: 'ops' },
          {
            lost: `sum(${rate('kintsugi_workers_lost_total')})`,
            'results refused': `sum(${rate('kintsugi_fencing_rejections_total')})`,
            'introductions refused': `sum(${rate('kintsugi_worker_introductions_refused_total')})`,
          },
        ),
      ],
    },
  ],
};
