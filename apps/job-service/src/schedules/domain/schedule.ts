import {
  ProblemError,
  jsonBytes,
  parseExactly,
  scheduledJobBytes,
  type CatchUp,
  type Overlap,
  type ScheduleView,
} from '@kintsugi/contracts';

/** A schedule as it is kept. */
export interface Schedule {
  /** Tenant and name. */
  _id: string;
  name: string;
  tenant: string;
  user_id: string;
  cron: string | null;
  every_s: number | null;
  time_zone: string;
  catch_up: CatchUp;
  overlap: Overlap;
  jitter_s: number;
  paused: boolean;
  /** JSON text, as payloads are: the store cannot hold every key that JSON has. */
  job: string;
  /** The first tick that is not settled; null when there is none. */
  next_at: Date | null;
  last_tick: Date | null;
  last_job_id: string | null;
  runs: number;
  skipped: number;
  missed: number;
  /** How many of them an event has told of; absent while none has. */
  missed_told?: number;
  /** Up to how many are being told of: what is told again is told as it was. */
  missed_telling?: number;
  /** Rises with each change by a person. */
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** A schedule without its job, which is read when a tick makes it: all schedules are in memory, and their jobs need not be. */
export type TickingSchedule = Omit<Schedule, 'job'>;

export function scheduleIdOf(tenant: string, name: string): string {
  return `${tenant}/${name}`;
}

/** A schedule as its readers see it. */
export function viewSchedule(schedule: Schedule): ScheduleView {
  const {
    _id,
    version: _version,
    missed_told: _told,
    missed_telling: _telling,
    job,
    next_at,
    last_tick,
    created_at,
    updated_at,
    ...rest
  } = schedule;
  return {
    ...rest,
    job: parseExactly(job) as ScheduleView['job'],
    next_at: schedule.paused ? null : (next_at?.toISOString() ?? null),
    last_tick: last_tick?.toISOString() ?? null,
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
  };
}

/** The text that the job of a schedule is kept as. Throws VALIDATION_FAILED for one that is too large. */
export function jobTextOf(job: ScheduleView['job']): string {
  const bytes = jsonBytes(job);
  if (bytes > scheduledJobBytes) {
    throw new ProblemError(
      'VALIDATION_FAILED',
      'The job of a schedule is too large. Let a plan handler of its type make the tasks.',
      {
        errors: [{ path: 'data.job', rule: 'MAX_BYTES', got: `${bytes} bytes`, allowed: `${scheduledJobBytes} bytes` }],
      },
    );
  }
  return JSON.stringify(job);
}

export function scheduleNotFound(name: string): ProblemError {
  return new ProblemError('SCHEDULE_NOT_FOUND', `There is no schedule ${name}. Schedules are listed by \`kintsugi schedules\`.`);
}
