import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import { TheOrigin } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { EditWebhooks } from '../commands/edit-webhooks.js';
import { TestWebhook } from '../commands/test-webhook.js';
import { ReadWebhooks } from '../queries/read-webhooks.js';

/** Answers what is asked about webhooks. */
@Controller()
export class WebhooksController {
  constructor(
    private readonly editWebhooks: EditWebhooks,
    private readonly testWebhook: TestWebhook,
    private readonly readWebhooks: ReadWebhooks,
  ) {}

  @MessagePattern(subjects.request('metrics', 'createWebhook'))
  create(
    @Payload({ schema: operations.createWebhook.request }) request: ActionRequest<'createWebhook'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'createWebhook'>> {
    return this.editWebhooks.create(request, actor);
  }

  @MessagePattern(subjects.request('metrics', 'updateWebhook'))
  update(
    @Payload({ schema: operations.updateWebhook.request }) request: ActionRequest<'updateWebhook'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'updateWebhook'>> {
    return this.editWebhooks.update(request, actor);
  }

  @MessagePattern(subjects.request('metrics', 'deleteWebhook'))
  delete(
    @Payload({ schema: operations.deleteWebhook.request }) request: ActionRequest<'deleteWebhook'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'deleteWebhook'>> {
    return this.editWebhooks.remove(request.name, actor);
  }

  @MessagePattern(subjects.request('metrics', 'testWebhook'))
  test(
    @Payload({ schema: operations.testWebhook.request }) request: ActionRequest<'testWebhook'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'testWebhook'>> {
    return this.testWebhook.execute(request.name, actor);
  }

  @MessagePattern(subjects.request('metrics', 'retryWebhookDeliveries'))
  retry(
    @Payload({ schema: operations.retryWebhookDeliveries.request }) request: ActionRequest<'retryWebhookDeliveries'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'retryWebhookDeliveries'>> {
    return this.editWebhooks.retry(request.name, actor);
  }

  @MessagePattern(subjects.request('metrics', 'getWebhook'))
  get(
    @Payload({ schema: operations.getWebhook.request }) request: ActionRequest<'getWebhook'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'getWebhook'>> {
    return this.readWebhooks.get(request.name, actor);
  }

  @MessagePattern(subjects.request('metrics', 'listWebhooks'))
  list(
    @Payload({ schema: operations.listWebhooks.request }) request: ActionRequest<'listWebhooks'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'listWebhooks'>> {
    return this.readWebhooks.list(request, actor);
  }

  @MessagePattern(subjects.request('metrics', 'listWebhookDeliveries'))
  undelivered(
    @Payload({ schema: operations.listWebhookDeliveries.request }) request: ActionRequest<'listWebhookDeliveries'>,
    @TheOrigin() { actor }: Origin,
  ): Promise<ActionResponse<'listWebhookDeliveries'>> {
    return this.readWebhooks.undelivered(request, actor);
  }
}
