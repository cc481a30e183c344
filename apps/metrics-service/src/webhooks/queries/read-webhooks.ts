import { Injectable } from '@nestjs/common';
import type { ActionRequest, Actor, WebhookDelivery, WebhookDeliveryPage, WebhookPage, WebhookView } from '@kintsugi/contracts';
import { viewWebhook, webhookNotFound } from '../domain/webhook.js';
import { DeliveryStore, type Delivery } from '../mongo/delivery-store.js';
import { WebhookStore } from '../mongo/webhook-store.js';
import { ownedIdOf } from '../domain/owned.js';

/** Shows webhooks, and what they have not taken. */
@Injectable()
export class ReadWebhooks {
  constructor(
    private readonly webhooks: WebhookStore,
    private readonly deliveries: DeliveryStore,
  ) {}

  async get(name: string, actor: Actor): Promise<WebhookView> {
    const webhook = await this.webhooks.find(ownedIdOf(actor, name));
    if (!webhook) throw webhookNotFound(name);
    return viewWebhook(webhook, actor.role);
  }

  async list({ limit, cursor = '' }: ActionRequest<'listWebhooks'>, actor: Actor): Promise<WebhookPage> {
    const found = await this.webhooks.behind(cursor, actor.tenant, limit + 1);
    const shown = found.slice(0, limit);
    return {
      items: shown.map((webhook) => viewWebhook(webhook, actor.role)),
      next_cursor: found.length > limit ? (shown.at(-1)?._id ?? null) : null,
    };
  }

  async undelivered(request: ActionRequest<'listWebhookDeliveries'>, actor: Actor): Promise<WebhookDeliveryPage> {
    const { name, limit, cursor = '' } = request;
    const id = ownedIdOf(actor, name);
    if (!(await this.webhooks.find(id))) throw webhookNotFound(name);
    const found = await this.deliveries.behind(id, cursor === '' ? '' : `${id} ${cursor}`, limit + 1);
    const items = found.slice(0, limit).map((delivery) => viewDelivery(delivery));
    return { items, next_cursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  }
}

function viewDelivery({ _id, webhook_id: webhook, ...delivery }: Delivery): WebhookDelivery {
  const { event, state, attempts, next_at, last_error, created_at } = delivery;
  return {
    ...{ id: _id.slice(webhook.length + 1), event, state, attempts, last_error },
    ...{ next_at: state === 'dead' ? null : next_at.toISOString(), created_at: created_at.toISOString() },
  };
}
