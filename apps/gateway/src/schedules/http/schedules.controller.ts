import { Controller, Get, Param, Query } from '@nestjs/common';
import { scheduleNameSchema, type SchedulePage, type ScheduleView } from '@kintsugi/contracts';
import { ContractPipe, type Origin } from '@kintsugi/messaging';
import { NeedsRole } from '../../keys/http/access.js';
import { TheOrigin } from '../../keys/http/caller.js';
import { Backend } from '../../nats/backend.js';
import { Weighs } from '../../rates/http/weight.js';
import { schedulesQuerySchema, type SchedulesQuery } from './schedules-query.js';

/** Schedules, for reading. */
@Controller('v1/schedules')
export class SchedulesController {
  constructor(private readonly backend: Backend) {}

  @Get()
  @NeedsRole('viewer')
  @Weighs(5)
  listSchedules(
    @Query({ schema: schedulesQuerySchema, pipes: [new ContractPipe('query')] }) query: SchedulesQuery,
    @TheOrigin() origin: Origin,
  ): Promise<SchedulePage> {
    return this.backend.ask('listSchedules', query, origin);
  }

  @Get(':id')
  @NeedsRole('viewer')
  getSchedule(
    @Param('id', { schema: scheduleNameSchema, pipes: [new ContractPipe('id')] }) name: string,
    @TheOrigin() origin: Origin,
  ): Promise<ScheduleView> {
    return this.backend.ask('getSchedule', { name }, origin);
  }
}
