import { Controller, Get, Param, Query } from '@nestjs/common';
import { webhookNameSchema, type WebhookDeliveryPage, type WebhookPage, type WebhookView } from '@kintsugi/contracts';
import { ContractPipe, type Origin } from '@kintsugi/messaging';
import { NeedsRole } from '../../keys/http/access.js';
import { TheOrigin } from '../../keys/http/caller.js';
import { Backend } from '../../nats/backend.js';
import { Weighs } from '../../rates/http/weight.js';
import { webhooksQuerySchema, type WebhooksQuery } from './webhooks-query.js';

/** Webhooks, for reading. */
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(private readonly backend: Backend) {}

  @Get()
  @NeedsRole('viewer')
  @Weighs(5)
  listWebhooks(
    @Query({ schema: webhooksQuerySchema, pipes: [new ContractPipe('query')] }) query: WebhooksQuery,
    @TheOrigin() origin: Origin,
  ): Promise<WebhookPage> {
    return this.backend.ask('listWebhooks', query, origin);
  }

  @Get(':id')
  @NeedsRole('viewer')
  getWebhook(
    @Param('id', { schema: webhookNameSchema, pipes: [new ContractPipe('id')] }) name: string,
    @TheOrigin() origin: Origin,
  ): Promise<WebhookView> {
    return this.backend.ask('getWebhook', { name }, origin);
  }

  @Get(':id/deliveries')
  @NeedsRole('viewer')
  @Weighs(5)
  listWebhookDeliveries(
    @Param('id', { schema: webhookNameSchema, pipes: [new ContractPipe('id')] }) name: string,
    @Query({ schema: webhooksQuerySchema, pipes: [new ContractPipe('query')] }) query: WebhooksQuery,
    @TheOrigin() origin: Origin,
  ): Promise<WebhookDeliveryPage> {
    return this.backend.ask('listWebhookDeliveries', { name, ...query }, origin);
  }
}
