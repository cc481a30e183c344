import { Module } from '@nestjs/common';
import { ControlModule } from '../control/control.module.js';
import { DirectoryModule } from '../directory/directory.module.js';
import { IntakeModule } from '../intake/intake.module.js';
import { CreateSchedule } from './commands/create-schedule.js';
import { DeleteSchedule } from './commands/delete-schedule.js';
import { EditSchedule } from './commands/edit-schedule.js';
import { TriggerSchedule } from './commands/trigger-schedule.js';
import { MissedTicks } from './missed-ticks.js';
import { ScheduleStore } from './mongo/schedule-store.js';
import { SchedulesController } from './nats/schedules.controller.js';
import { ReadSchedules } from './queries/read-schedules.js';
import { ScheduleClock } from './schedule-clock.js';
import { ScheduleJobs } from './schedule-jobs.js';
import { Schedules } from './schedules.js';

/** Jobs that are made again and again, by the clock. */
@Module({
  imports: [DirectoryModule, IntakeModule, ControlModule],
  controllers: [SchedulesController],
  providers: [
    { provide: Schedules, useClass: ScheduleStore },
    ...[ScheduleJobs, MissedTicks, ScheduleClock, CreateSchedule, EditSchedule, DeleteSchedule, TriggerSchedule, ReadSchedules],
  ],
  exports: [ScheduleClock],
})
export class SchedulesModule {}
