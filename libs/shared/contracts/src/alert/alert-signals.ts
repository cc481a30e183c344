/** A figure that a condition can be about. */
export interface AlertSignal {
  /** `platform`: of all tenants together, for keys that are bound to none. `tenant`: of the tenant of whoever made the condition. */
  scope: 'platform' | 'tenant';
  /** What one alert of the condition is about; null: there is one for all. */
  subject: 'type' | 'group' | 'schedule' | null;
  /** On which side of its threshold a condition fires unless it says otherwise. */
  fires: 'above' | 'below';
  /** Whether it is counted over `window_s`. */
  windowed: boolean;
  /** Which of these fields of a condition it looks at. */
  asks: readonly ('at_least' | 'objective')[];
  unit: string;
  about: string;
}

/** Every figure that a condition can be about, once. */
export const alertSignals = {
  queue_age_s: {
    ...{ scope: 'platform', subject: 'type', fires: 'above', windowed: false, asks: [], unit: 's' },
    about: 'Age of the oldest task of a type that could run and does not.',
  },
  queue_ready: {
    ...{ scope: 'platform', subject: 'type', fires: 'above', windowed: false, asks: [], unit: 'tasks' },
    about: 'Tasks of a type that could run and do not.',
  },
  queue_workers: {
    ...{ scope: 'platform', subject: 'type', fires: 'below', windowed: false, asks: [], unit: 'workers' },
    about: 'Workers that run tasks of a type; 0 for a type with tasks that wait and nobody to run them.',
  },
  workers: {
    ...{ scope: 'platform', subject: null, fires: 'below', windowed: false, asks: [], unit: 'workers' },
    about: 'Workers that are up.',
  },
  failed_runs_per_s: {
    ...{ scope: 'platform', subject: 'type', fires: 'above', windowed: false, asks: [], unit: 'per s' },
    about: 'Runs of tasks of a type that fail each second, since the look before.',
  },
  retries_per_s: {
    ...{ scope: 'platform', subject: null, fires: 'above', windowed: false, asks: [], unit: 'per s' },
    about: 'Retries that are scheduled each second, since the look before.',
  },
  jobs_ended: {
    ...{ scope: 'tenant', subject: 'type', fires: 'below', windowed: true, asks: [], unit: 'jobs' },
    about: 'Jobs that ended in the window.',
  },
  jobs_failed: {
    ...{ scope: 'tenant', subject: 'type', fires: 'above', windowed: true, asks: [], unit: 'jobs' },
    about: 'Jobs that failed in the window.',
  },
  job_failure_ratio: {
    ...{ scope: 'tenant', subject: 'type', fires: 'above', windowed: true, asks: ['at_least'], unit: 'of 1' },
    about: 'Share of the jobs that completed or failed in the window that failed, from 0 to 1.',
  },
  job_duration_s: {
    ...{ scope: 'tenant', subject: 'type', fires: 'above', windowed: true, asks: ['at_least'], unit: 's' },
    about: 'Duration, from the first start to the end, that 95 of 100 jobs that ended in the window do not exceed.',
  },
  job_age_s: {
    ...{ scope: 'tenant', subject: null, fires: 'above', windowed: false, asks: [], unit: 's' },
    about:
      'Time since the oldest job that has not ended, and is neither paused nor to run later, could go on: since it was made, came to its time, or was resumed or recovered last.',
  },
  failure_budget_burn: {
    ...{ scope: 'tenant', subject: 'type', fires: 'above', windowed: true, asks: ['at_least', 'objective'], unit: 'times' },
    about:
      'How many times too fast the failures that `objective` allows are used up: the share of failures over the share allowed, and of the window and its last twelfth the smaller.',
  },
  group_regressions: {
    ...{ scope: 'tenant', subject: 'group', fires: 'above', windowed: true, asks: [], unit: 'times' },
    about: 'How often a group of failures that people had resolved came back in the window.',
  },
  schedules_missed: {
    ...{ scope: 'tenant', subject: 'schedule', fires: 'above', windowed: true, asks: [], unit: 'ticks' },
    about: 'Ticks of a schedule that were missed in the window.',
  },
} as const satisfies Record<string, AlertSignal>;

export type AlertSignalName = keyof typeof alertSignals;

export const alertSignalNames = Object.keys(alertSignals) as [AlertSignalName, ...AlertSignalName[]];
