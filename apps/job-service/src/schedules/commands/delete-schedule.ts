import { Injectable } from '@nestjs/common';
import { tenantOf, type Actor } from '@kintsugi/contracts';
import { scheduleIdOf, scheduleNotFound } from '../domain/schedule.js';
import { ScheduleClock } from '../schedule-clock.js';
import { Schedules } from '../schedules.js';

/** Ends a schedule. The jobs that it made stay. */
@Injectable()
export class DeleteSchedule {
  constructor(
    private readonly schedules: Schedules,
    private readonly ticking: ScheduleClock,
  ) {}

  async execute(name: string, actor: Actor): Promise<{ name: string }> {
    const id = scheduleIdOf(tenantOf(actor), name);
    this.ticking.forget(id);
    if (!(await this.schedules.remove(id))) throw scheduleNotFound(name);
    return { name };
  }
}
