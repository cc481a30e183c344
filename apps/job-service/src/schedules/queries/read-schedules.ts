import { Injectable } from '@nestjs/common';
import { maySee, tenantOf, type ActionRequest, type Actor, type SchedulePage, type ScheduleView } from '@kintsugi/contracts';
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
    const seen = (await this.schedules.all()).filter(({ _id, tenant }) => maySee(actor, tenant) && _id > cursor);
    const items = seen.slice(0, limit);
    return { items: items.map(viewSchedule), next_cursor: seen.length > limit ? (items.at(-1)?._id ?? null) : null };
  }
}
