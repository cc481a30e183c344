import type { BatchJob, EventName, EventOfJob } from '@kintsugi/contracts';

/** An event of the platform, as it concerns one job. */
export type PlatformEvent = { [Name in NameOfJobs]: EventOfJob<Name> }[NameOfJobs];

/** Groups of failures are no job's. */
type NameOfJobs = Exclude<EventName, `group.${string}` | `schedule.${string}`>;

/** What is told of a job that is followed. */
export type JobEvent =
  /** The job as it is: first of all, and again after `reset`. */
  | { event: 'snapshot'; id: string; data: BatchJob }
  /** What was missed is gone; a snapshot follows. */
  | { event: 'reset'; id: string; data: { job_id: string; reason: string } }
  | PlatformEvent;
