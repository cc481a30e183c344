import { Injectable } from '@nestjs/common';
import { tenantOf, type ActionRequest, type Actor, type ScheduleView } from '@kintsugi/contracts';
import { Clock } from '../../platform/clock.js';
import { jobTextOf, scheduleIdOf, scheduleNotFound, type Schedule } from '../domain/schedule.js';
import { tickTimesOf } from '../tick-times.js';
import { viewWithTimes } from '../view-with-times.js';
import { ScheduleClock } from '../schedule-clock.js';
import { Schedules, type ScheduleEdit } from '../schedules.js';

/** Changes a schedule, pauses it and lets it go on. Whatever says other times counts from now. */
@Injectable()
export class EditSchedule {
  constructor(
    private readonly schedules: Schedules,
    private readonly ticking: ScheduleClock,
    private readonly clock: Clock,
  ) {}

  update({ name, ...request }: ActionRequest<'updateSchedule'>, actor: Actor): Promise<ScheduleView> {
    const { cron, every_s, job, ...others } = request;
    const isOtherRule = cron !== undefined || every_s !== undefined;
    return this.edit(name, actor, (schedule) => {
      const edit: ScheduleEdit = {
        ...others,
        ...(isOtherRule ? { cron: cron ?? null, every_s: every_s ?? null } : {}),
        ...(job === undefined ? {} : { job: jobTextOf(job) }),
      };
      const isOtherTime = isOtherRule || (others.time_zone !== undefined && others.time_zone !== schedule.time_zone);
      return isOtherTime ? { ...edit, next_at: this.nextOf({ ...schedule, ...edit }) } : edit;
    });
  }

  pause(name: string, actor: Actor): Promise<ScheduleView> {
    return this.edit(name, actor, () => ({ paused: true }));
  }

  /** Ticks of the pause are not caught up with: whoever paused it did not want them. */
  resume(name: string, actor: Actor): Promise<ScheduleView> {
    return this.edit(name, actor, (schedule) =>
      schedule.paused ? { paused: false, next_at: this.nextOf(schedule) } : { paused: false },
    );
  }

  private async edit(name: string, actor: Actor, editOf: (schedule: Schedule) => ScheduleEdit): Promise<ScheduleView> {
    const edited = await this.schedules.edit(scheduleIdOf(tenantOf(actor), name), editOf);
    if (!edited) throw scheduleNotFound(name);
    this.ticking.note(edited);
    return viewWithTimes(edited);
  }

  private nextOf(schedule: Schedule): Date | null {
    const next = tickTimesOf(schedule).next(this.clock.now());
    return next === null ? null : new Date(next);
  }
}
