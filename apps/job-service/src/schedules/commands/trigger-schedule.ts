import { Injectable } from '@nestjs/common';
import { tenantOf, type Actor, type JobReceipt } from '@kintsugi/contracts';
import { NewIds } from '../../platform/new-ids.js';
import { scheduleIdOf, scheduleNotFound } from '../domain/schedule.js';
import { ScheduleJobs } from '../schedule-jobs.js';
import { Schedules } from '../schedules.js';

/** Makes the job of a schedule now, also while it is paused and while another of its jobs is under way. Its ticks stay as they are. */
@Injectable()
export class TriggerSchedule {
  constructor(
    private readonly schedules: Schedules,
    private readonly jobs: ScheduleJobs,
    private readonly ids: NewIds,
  ) {}

  async execute(name: string, actor: Actor): Promise<JobReceipt> {
    const schedule = await this.schedules.find(scheduleIdOf(tenantOf(actor), name));
    if (!schedule) throw scheduleNotFound(name);
    return this.jobs.make({ ...schedule, user_id: actor.name }, `by hand ${this.ids.uuid()}`);
  }
}
