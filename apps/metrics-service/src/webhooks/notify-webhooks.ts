import { Injectable } from '@nestjs/common';
import type { AlertNotice } from '@kintsugi/contracts';
import { messageOf, jobIdsOf, type HeardEvent } from './domain/message-of-event.js';
import type { Webhook } from './domain/webhook.js';
import { DeliveryStore, type Delivery, type Transaction } from './mongo/delivery-store.js';
import { WebhookStore } from './mongo/webhook-store.js';
import { CountedRoom } from './domain/counted-room.js';
import { JobHeads } from './job-heads.js';
import { ownedIdOf } from './domain/owned.js';

/** Messages that may wait for one webhook: with more it is disabled, as what takes none for hours. */
const waitingMax = 10_000;

interface Message {
  id: string;
  event: string;
  body: string;
}

/** Makes the messages of an event, one for each webhook that it concerns. An event that comes twice makes none the second time. */
@Injectable()
export class NotifyWebhooks {
  private readonly room = new CountedRoom();

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
      if (body === null || !(await this.hasRoom(webhook, now))) continue;
      made.push(deliveryOf(webhook, { id: event.id, event: event.name, body }, now));
    }
    await this.deliveries.add(made);
    return made.length;
  }

  /**
   * The webhooks that are to be told of an alert of a tenant, or of all.
   * @param names of the tenant's own; all that hear of alerts when empty
   */
  async hearingAlert(notice: AlertNotice, tenant: string | null, names: readonly string[], now: number): Promise<Webhook[]> {
    const ids = names.map((name) => ownedIdOf({ tenant }, name));
    const hearing = (await this.webhooks.hearing(notice)).filter(
      ({ _id, tenant: owner }) => (owner === null || owner === tenant) && (ids.length === 0 || ids.includes(_id)),
    );
    const withRoom: Webhook[] = [];
    for (const webhook of hearing) if (await this.hasRoom(webhook, now)) withRoom.push(webhook);
    return withRoom;
  }

  /** Posts one message to each, together with whatever else a transaction writes. */
  async post(webhooks: readonly Webhook[], message: Message, now: number, session: Transaction): Promise<void> {
    const deliveries = webhooks.map((webhook) => deliveryOf(webhook, message, now));
    await this.deliveries.add(deliveries, session);
  }

  /** A receiver that takes all and takes its time is bounded as well as one that fails. Most messages need no count. */
  private async hasRoom({ _id }: Webhook, now: number): Promise<boolean> {
    if (this.room.take(_id)) return true;
    const waiting = await this.deliveries.waiting(_id, waitingMax);
    if (waiting < waitingMax) return this.room.counted(_id, waitingMax - waiting);
    await this.webhooks.disable(_id, `${waitingMax} messages were waiting for it.`);
    const dead = await this.deliveries.giveUpAllOf(_id, now);
    await this.webhooks.noteFailed(_id, 'Too many messages were waiting.', dead, now);
    return false;
  }
}

function deliveryOf({ _id }: Webhook, { id, event, body }: Message, now: number): Delivery {
  return {
    ...{ _id: `${_id} ${id}`, webhook_id: _id, event, body, state: 'waiting', attempts: 0 },
    ...{ next_at: new Date(now), last_error: null, created_at: new Date(now) },
  };
}
