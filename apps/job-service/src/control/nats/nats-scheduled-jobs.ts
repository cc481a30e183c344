import { Injectable } from '@nestjs/common';
import { ProblemError, serviceActor, type ScheduleView } from '@kintsugi/contracts';
import { Bus, callAction, ownOrigin } from '@kintsugi/messaging';
import type { ScheduledJobs } from '../scheduled-jobs.js';

const actor = serviceActor('job-service');

/** Asks for a schedule as everybody does: which replica answers does not matter, and schedules know who uses them no more than before. */
@Injectable()
export class NatsScheduledJobs implements ScheduledJobs {
  constructor(private readonly bus: Bus) {}

  async jobOf(name: string, tenant: string): Promise<ScheduleView['job'] | null> {
    try {
      const { job } = await callAction(this.bus, 'getSchedule', { name }, { origin: ownOrigin({ ...actor, tenant }) });
      return job;
    } catch (error) {
      // The label is anybody's to give, and a schedule may be gone: neither is a fault.
      if (error instanceof ProblemError && ['SCHEDULE_NOT_FOUND', 'VALIDATION_FAILED'].includes(error.code)) return null;
      throw error;
    }
  }
}
