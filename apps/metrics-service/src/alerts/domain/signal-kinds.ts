import type { AlertSignalName } from '@kintsugi/contracts';

/** Where the figures of a signal come from. */
export type SignalSource = 'fleet' | 'outcomes' | 'age' | 'occurrences';

export const sourceOf: Record<AlertSignalName, SignalSource> = {
  queue_age_s: 'fleet',
  queue_ready: 'fleet',
  queue_workers: 'fleet',
  workers: 'fleet',
  failed_runs_per_s: 'fleet',
  retries_per_s: 'fleet',
  jobs_ended: 'outcomes',
  jobs_failed: 'outcomes',
  job_failure_ratio: 'outcomes',
  job_duration_s: 'outcomes',
  failure_budget_burn: 'outcomes',
  job_age_s: 'age',
  group_regressions: 'occurrences',
  schedules_missed: 'occurrences',
};
