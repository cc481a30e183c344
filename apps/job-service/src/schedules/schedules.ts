import type { Schedule, TickingSchedule } from './domain/schedule.js';

/** Schedules that there may be: all of them are in memory. */
export const schedulesMax = 10_000;

/** What a person may change of a schedule, and the tick that follows from it. */
export type ScheduleEdit = Partial<
  Pick<Schedule, 'cron' | 'every_s' | 'time_zone' | 'catch_up' | 'overlap' | 'jitter_s' | 'paused' | 'job' | 'next_at'>
>;

/** What became of ticks. */
export interface Settlement {
  last_tick: Date;
  next_at: Date | null;
  /** The job that the last of them made. */
  job_id?: string;
  runs: number;
  skipped: number;
  missed: number;
}

/** The record of schedules. */
export abstract class Schedules {
  abstract ticking(): Promise<TickingSchedule[]>;
  /** Those behind an id, in the order of their ids; of one tenant, or of all. */
  abstract behind(id: string, tenant: string | null): AsyncIterable<Schedule>;
  abstract find(id: string): Promise<Schedule | null>;
  abstract count(): Promise<number>;
  /** False where there is one of the same tenant and name. */
  abstract create(schedule: Schedule): Promise<boolean>;
  /** Edits it as it is then, through edits of others at the same time; null where there is none. */
  abstract edit(id: string, editOf: (schedule: Schedule) => ScheduleEdit): Promise<Schedule | null>;
  abstract remove(id: string): Promise<boolean>;
  /** Notes what became of ticks; null, and nothing noted, where somebody has edited or settled it since it was read. */
  abstract settle(schedule: TickingSchedule, settlement: Settlement): Promise<TickingSchedule | null>;
  /** Notes a tick that made a job while somebody let the schedule go on past it. */
  abstract addRun(id: string, tick: Date, jobId: string): Promise<void>;
  /** Says up to how many of its missed ticks are told of next, which stays so until they were; null where it is gone. */
  abstract beginTelling(id: string): Promise<TickingSchedule | null>;
  /** So many of its missed ticks were told of. */
  abstract noteTold(id: string, missed: number): Promise<void>;
}
