import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Actor, WebhookTest } from '@kintsugi/contracts';
import { webhookNotFound } from '../domain/webhook.js';
import { WebhookStore } from '../mongo/webhook-store.js';
import { SendDeliveries } from '../send-deliveries.js';
import { ownedIdOf } from '../domain/owned.js';

/** Posts a message that tells of nothing, once, also to a webhook that is disabled. */
@Injectable()
export class TestWebhook {
  constructor(
    private readonly webhooks: WebhookStore,
    private readonly sending: SendDeliveries,
  ) {}

  async execute(name: string, actor: Actor): Promise<WebhookTest> {
    const webhook = await this.webhooks.find(ownedIdOf(actor, name));
    if (!webhook) throw webhookNotFound(name);
    const id = `evt_test_${randomUUID()}`;
    const body = JSON.stringify({
      ...{ specversion: '1.0', id, type: 'kintsugi.webhook.test', source: '/kintsugi/metrics-service' },
      ...{ time: new Date().toISOString(), datacontenttype: 'application/json', data: { webhook: name, by: actor.name } },
    });
    const { delivered, status, error, tookMs } = await this.sending.post(webhook, id, body);
    return { delivered, status, error, took_ms: tookMs };
  }
}
