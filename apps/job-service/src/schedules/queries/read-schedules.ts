import { Injectable } from '@nestjs/common';
import { tenantOf, type ActionRequest, type Actor, type SchedulePage, type ScheduleView } from '@kintsugi/contracts';
import { PageRoom } from '../../platform/page-room.js';
import { scheduleIdOf, scheduleNotFound, viewSchedule } from '../domain/schedule.js';
import { viewWithTimes } from '../view-with-times.js';
import { Schedules } from '../schedules.js';

/** Shows schedules: one with its next times, or those that the asker may see. */
@Injectable()
export class ReadSchedules {
  constructor(private readonly schedules: Schedules) {}

  async get(name: string, actor: Actor): Promise<ScheduleView> {
    const schedule = await this.schedules.find(scheduleIdOf(tenantOf(actor), name));
    if (!schedule) throw scheduleNotFound(name);
    return viewWithTimes(schedule);
  }

  /** In the order of tenants and names; the cursor is the last of the page before. */
  async list({ limit, cursor = '' }: ActionRequest<'listSchedules'>, actor: Actor): Promise<SchedulePage> {
    const room = new PageRoom(limit);
    const items: ScheduleView[] = [];
    let last: string | null = null;
    for await (const schedule of this.schedules.behind(cursor, actor.tenant)) {
      const view = viewSchedule(schedule);
      if (!room.take(view)) return { items, next_cursor: last };
      items.push(view);
      last = schedule._id;
    }
    return { items, next_cursor: null };
  }
}
