import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import { TheOrigin } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { CreateSchedule } from '../commands/create-schedule.js';
import { DeleteSchedule } from '../commands/delete-schedule.js';
import { EditSchedule } from '../commands/edit-schedule.js';
import { TriggerSchedule } from '../commands/trigger-schedule.js';
import { ReadSchedules } from '../queries/read-schedules.js';

/** Answers what is asked about schedules. */
@Controller()
export class SchedulesController {
  constructor(
    private readonly createSchedule: CreateSchedule,
    private readonly editSchedule: EditSchedule,
    private readonly deleteSchedule: DeleteSchedule,
    private readonly triggerSchedule: TriggerSchedule,
    private readonly readSchedules: ReadSchedules,
  ) {}

  @MessagePattern(subjects.request('job', 'createSchedule'))
  create(
    @Payload({ schema: operations.createSchedule.request }) request: ActionRequest<'createSchedule'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'createSchedule'>> {
    return this.createSchedule.execute(request, actor);
  }

  @MessagePattern(subjects.request('job', 'updateSchedule'))
  update(
    @Payload({ schema: operations.updateSchedule.request }) request: ActionRequest<'updateSchedule'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'updateSchedule'>> {
    return this.editSchedule.update(request, actor);
  }

  @MessagePattern(subjects.request('job', 'pauseSchedule'))
  pause(
    @Payload({ schema: operations.pauseSchedule.request }) { name }: ActionRequest<'pauseSchedule'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'pauseSchedule'>> {
    return this.editSchedule.pause(name, actor);
  }

  @MessagePattern(subjects.request('job', 'resumeSchedule'))
  resume(
    @Payload({ schema: operations.resumeSchedule.request }) { name }: ActionRequest<'resumeSchedule'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'resumeSchedule'>> {
    return this.editSchedule.resume(name, actor);
  }

  @MessagePattern(subjects.request('job', 'triggerSchedule'))
  trigger(
    @Payload({ schema: operations.triggerSchedule.request }) { name }: ActionRequest<'triggerSchedule'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'triggerSchedule'>> {
    return this.triggerSchedule.execute(name, actor);
  }

  @MessagePattern(subjects.request('job', 'deleteSchedule'))
  delete(
    @Payload({ schema: operations.deleteSchedule.request }) { name }: ActionRequest<'deleteSchedule'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'deleteSchedule'>> {
    return this.deleteSchedule.execute(name, actor);
  }

  @MessagePattern(subjects.request('job', 'getSchedule'))
  get(
    @Payload({ schema: operations.getSchedule.request }) { name }: ActionRequest<'getSchedule'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'getSchedule'>> {
    return this.readSchedules.get(name, actor);
  }

  @MessagePattern(subjects.request('job', 'listSchedules'))
  list(
    @Payload({ schema: operations.listSchedules.request }) request: ActionRequest<'listSchedules'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'listSchedules'>> {
    return this.readSchedules.list(request, actor);
  }
}
