import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { heardWebhookEvents } from '@kintsugi/contracts';
import { Faults } from '@kintsugi/hosting';
import { SharedLead, Store, ensureIndexes, type Leading } from '@kintsugi/persistence';
import type { HeardEvent } from './domain/message-of-event.js';
import type { Webhook } from './domain/webhook.js';
import { deliveryIndexes } from './mongo/delivery-store.js';
import { WebhookStore } from './mongo/webhook-store.js';
import { WebhookEvents } from './nats/webhook-events.js';
import { NotifyWebhooks } from './notify-webhooks.js';
import { SendDeliveries } from './send-deliveries.js';

const lookEveryMs = 1_000;
/** While there is no webhook: whoever makes one has the broker keep what happens meanwhile. */
const idleLookEveryMs = 5_000;
/** A message that is under way at a stop is answered, or times out, within this. */
const deliveryMsMax = 12_000;

/** Hears events and posts messages: on one replica, for all. */
@Injectable()
export class WebhookRounds implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly onFault: (error: unknown) => void;
  private webhooks: Webhook[] = [];
  private leading: Leading | null = null;
  /** Ends with the first reason to look again at once. */
  private asked = new AbortController();

  constructor(
    private readonly store: Store,
    private readonly sharedLead: SharedLead,
    private readonly stored: WebhookStore,
    private readonly events: WebhookEvents,
    private readonly notify: NotifyWebhooks,
    private readonly sending: SendDeliveries,
    faults: Faults,
  ) {
    this.onFault = faults.of('webhooks');
  }

  onApplicationBootstrap(): void {
    this.leading = this.sharedLead.join((signal) => this.lead(signal), this.onFault, deliveryMsMax);
  }

  async onModuleDestroy(): Promise<void> {
    await this.leading?.stop();
  }

  /** Somebody has changed a webhook, by this replica. */
  look(): void {
    this.asked.abort();
  }

  private async lead(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.asked = new AbortController();
      await this.round().catch(this.onFault);
      const pauseMs = this.webhooks.length > 0 ? lookEveryMs : idleLookEveryMs;
      await delay(pauseMs, undefined, { signal: AbortSignal.any([signal, this.asked.signal]) }).catch(() => undefined);
    }
    await this.events.stop();
    await this.sending.settled();
  }

  private async round(): Promise<void> {
    const known = await this.stored.all();
    if (known.length > 0 && this.webhooks.length === 0) await ensureIndexes(this.store, deliveryIndexes);
    this.webhooks = known;
    const isHeard = known.some(({ enabled, events }) => enabled && heardWebhookEvents.some((name) => events.includes(name)));
    await this.events.listen(isHeard, (event) => this.hear(event));
    if (known.length > 0) await this.sending.begin(known, this.onEnd);
  }

  private async hear(event: HeardEvent): Promise<void> {
    // Read anew: a webhook that was made just before the event is told of it.
    const webhooks = await this.stored.all();
    if ((await this.notify.execute(event, webhooks, Date.now())) > 0) this.look();
  }

  private readonly onEnd = (error: unknown): void => {
    if (error !== null) this.onFault(error);
    this.look();
  };
}
