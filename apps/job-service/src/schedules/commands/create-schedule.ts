import { Injectable } from '@nestjs/common';
import { ProblemError, tenantOf, type ActionRequest, type Actor, type ScheduleView } from '@kintsugi/contracts';
import { Clock } from '../../platform/clock.js';
import { jobTextOf, scheduleIdOf, type Schedule } from '../domain/schedule.js';
import { viewWithTimes } from '../view-with-times.js';
import { TickTimes } from '../tick-times.js';
import { ScheduleClock } from '../schedule-clock.js';
import { Schedules, schedulesMax } from '../schedules.js';

/** Makes a schedule, which ticks from then on. */
@Injectable()
export class CreateSchedule {
  constructor(
    private readonly schedules: Schedules,
    private readonly ticking: ScheduleClock,
    private readonly clock: Clock,
  ) {}

  async execute(request: ActionRequest<'createSchedule'>, actor: Actor): Promise<ScheduleView> {
    const now = this.clock.now();
    const tenant = tenantOf(actor);
    const { name, cron = null, every_s = null, time_zone = 'UTC', catch_up = 'last', overlap = 'skip', jitter_s = 0 } = request;
    const next = TickTimes.of({ cron, every_s, time_zone }, now).next(now);
    const at = new Date(now);
    const schedule: Schedule = {
      ...{ _id: scheduleIdOf(tenant, name), name, tenant, user_id: actor.name },
      ...{ cron, every_s, time_zone, catch_up, overlap, jitter_s, paused: false, job: jobTextOf(request.job) },
      ...{ next_at: next === null ? null : new Date(next), last_tick: null, last_job_id: null },
      ...{ runs: 0, skipped: 0, missed: 0, version: 0, created_at: at, updated_at: at },
    };
    if ((await this.schedules.count()) >= schedulesMax) throw full();
    if (!(await this.schedules.create(schedule))) throw taken(name);
    this.ticking.note(schedule);
    return viewWithTimes(schedule);
  }
}

function taken(name: string): ProblemError {
  return new ProblemError(
    'SCHEDULE_EXISTS',
    `There is a schedule ${name} already. Change it with updateSchedule, or delete it.`,
    {
      errors: [{ path: 'data.name', rule: 'UNIQUE', got: name, allowed: 'a name that no schedule of the tenant has' }],
    },
  );
}

function full(): ProblemError {
  return new ProblemError(
    'OVERLOADED',
    `There are ${schedulesMax} schedules, and no room for more. Delete some that nobody needs.`,
  );
}
