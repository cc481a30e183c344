import { Injectable } from '@nestjs/common';
import { messageOf, jobIdsOf, type HeardEvent } from './domain/message-of-event.js';
import type { Webhook } from './domain/webhook.js';
import { DeliveryStore, type Delivery } from './mongo/delivery-store.js';
import { WebhookStore } from './mongo/webhook-store.js';
import { JobHeads } from './job-heads.js';

/** Messages that may wait for one webhook: with more it is disabled, as what takes none for hours. */
const waitingMax = 10_000;

/** Makes the messages of an event, one for each webhook that it concerns. An event that comes twice makes none the second time. */
@Injectable()
export class NotifyWebhooks {
  constructor(
    private readonly webhooks: WebhookStore,
    private readonly deliveries: DeliveryStore,
    private readonly heads: JobHeads,
  ) {}

  /** Gives how many messages there are. */
  async execute(event: HeardEvent, webhooks: readonly Webhook[], now: number): Promise<number> {
    // What happened before it was made is none of its business, though the broker may have kept it.
    const concerned = webhooks.filter(
      ({ enabled, events, created_at }) =>
        enabled && events.includes(event.name) && created_at.getTime() <= Date.parse(event.time),
    );
    if (concerned.length === 0) return 0;
    const jobs = await this.heads.of(jobIdsOf(event));
    const made: Delivery[] = [];
    for (const webhook of concerned) {
      const body = messageOf(event, webhook.tenant, jobs);
      if (body !== null && (await this.hasRoom(webhook, now))) made.push(deliveryOf(webhook, event, body, now));
    }
    await this.deliveries.add(made);
    return made.length;
  }

  private async hasRoom({ _id, failing_since: failing }: Webhook, now: number): Promise<boolean> {
    if (failing === null || (await this.deliveries.waiting(_id, waitingMax)) < waitingMax) return true;
    await this.webhooks.disable(_id, `${waitingMax} messages were waiting for it.`);
    const dead = await this.deliveries.giveUpAllOf(_id, now);
    await this.webhooks.noteFailed(_id, 'Too many messages were waiting.', dead, now);
    return false;
  }
}

function deliveryOf({ _id }: Webhook, event: HeardEvent, body: string, now: number): Delivery {
  return {
    ...{ _id: `${_id} ${event.id}`, webhook_id: _id, event: event.name, body, state: 'waiting', attempts: 0 },
    ...{ next_at: new Date(now), last_error: null, created_at: new Date(now) },
  };
}
