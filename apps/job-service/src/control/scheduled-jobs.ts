import type { ScheduleView } from '@kintsugi/contracts';

/** What schedules say of the jobs that they make. */
export abstract class ScheduledJobs {
  /** The job that a schedule of a tenant makes now; null where there is no such schedule. */
  abstract jobOf(name: string, tenant: string): Promise<ScheduleView['job'] | null>;
}
