import { Module } from '@nestjs/common';
import { JobHistoryModule } from '../job-history/job-history.module.js';
import { EditWebhooks } from './commands/edit-webhooks.js';
import { TestWebhook } from './commands/test-webhook.js';
import { DeliveryStore } from './mongo/delivery-store.js';
import { WebhookStore } from './mongo/webhook-store.js';
import { JobHeads } from './job-heads.js';
import { WebhookEvents } from './nats/webhook-events.js';
import { WebhooksController } from './nats/webhooks.controller.js';
import { NotifyWebhooks } from './notify-webhooks.js';
import { ReadWebhooks } from './queries/read-webhooks.js';
import { SendDeliveries } from './send-deliveries.js';
import { WebhookRounds } from './webhook-rounds.js';

/** Messages to whoever wants to hear of events by HTTP. */
@Module({
  imports: [JobHistoryModule],
  controllers: [WebhooksController],
  providers: [
    ...[WebhookStore, DeliveryStore, JobHeads, WebhookEvents],
    ...[NotifyWebhooks, SendDeliveries, WebhookRounds, EditWebhooks, TestWebhook, ReadWebhooks],
  ],
  exports: [WebhookStore, NotifyWebhooks, DeliveryStore, WebhookRounds],
})
export class WebhooksModule {}
