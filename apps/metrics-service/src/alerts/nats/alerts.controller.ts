import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import { TheOrigin } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { EditConditions } from '../commands/edit-conditions.js';
import { SilenceAlerts } from '../commands/silence-alerts.js';
import { TakeIncidents } from '../commands/take-incidents.js';
import { TestCondition } from '../commands/test-condition.js';
import { ReadAlerts } from '../queries/read-alerts.js';

/** Answers what is asked about alerts. */
@Controller()
export class AlertsController {
  constructor(
    private readonly editConditions: EditConditions,
    private readonly testing: TestCondition,
    private readonly silenceAlerts: SilenceAlerts,
    private readonly takeIncidents: TakeIncidents,
    private readonly readAlerts: ReadAlerts,
  ) {}

  @MessagePattern(subjects.request('metrics', 'createAlertCondition'))
  createCondition(
    @Payload({ schema: operations.createAlertCondition.request }) request: ActionRequest<'createAlertCondition'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'createAlertCondition'>> {
    return this.editConditions.create(request, actor);
  }

  @MessagePattern(subjects.request('metrics', 'updateAlertCondition'))
  updateCondition(
    @Payload({ schema: operations.updateAlertCondition.request }) request: ActionRequest<'updateAlertCondition'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'updateAlertCondition'>> {
    return this.editConditions.update(request, actor);
  }

  @MessagePattern(subjects.request('metrics', 'deleteAlertCondition'))
  deleteCondition(
    @Payload({ schema: operations.deleteAlertCondition.request }) request: ActionRequest<'deleteAlertCondition'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'deleteAlertCondition'>> {
    return this.editConditions.remove(request.name, actor);
  }

  @MessagePattern(subjects.request('metrics', 'testAlertCondition'))
  testCondition(
    @Payload({ schema: operations.testAlertCondition.request }) request: ActionRequest<'testAlertCondition'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'testAlertCondition'>> {
    return this.testing.execute(request.name, actor);
  }

  @MessagePattern(subjects.request('metrics', 'getAlertCondition'))
  getCondition(
    @Payload({ schema: operations.getAlertCondition.request }) request: ActionRequest<'getAlertCondition'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'getAlertCondition'>> {
    return this.readAlerts.condition(request.name, actor);
  }

  @MessagePattern(subjects.request('metrics', 'listAlertConditions'))
  listConditions(
    @Payload({ schema: operations.listAlertConditions.request }) request: ActionRequest<'listAlertConditions'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'listAlertConditions'>> {
    return this.readAlerts.listConditions(request, actor);
  }

  @MessagePattern(subjects.request('metrics', 'listAlerts'))
  list(
    @Payload({ schema: operations.listAlerts.request }) request: ActionRequest<'listAlerts'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'listAlerts'>> {
    return this.readAlerts.list(request, actor);
  }

  @MessagePattern(subjects.request('metrics', 'createAlertSilence'))
  createSilence(
    @Payload({ schema: operations.createAlertSilence.request }) request: ActionRequest<'createAlertSilence'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'createAlertSilence'>> {
    return this.silenceAlerts.create(request, actor);
  }

  @MessagePattern(subjects.request('metrics', 'deleteAlertSilence'))
  deleteSilence(
    @Payload({ schema: operations.deleteAlertSilence.request }) request: ActionRequest<'deleteAlertSilence'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'deleteAlertSilence'>> {
    return this.silenceAlerts.remove(request.id, actor);
  }

  @MessagePattern(subjects.request('metrics', 'listAlertSilences'))
  listSilences(
    @Payload({ schema: operations.listAlertSilences.request }) request: ActionRequest<'listAlertSilences'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'listAlertSilences'>> {
    return this.silenceAlerts.list(request, actor);
  }

  @MessagePattern(subjects.request('metrics', 'takeIncidents'))
  take(
    @Payload({ schema: operations.takeIncidents.request }) request: ActionRequest<'takeIncidents'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'takeIncidents'>> {
    return this.takeIncidents.execute(request, actor);
  }
}
