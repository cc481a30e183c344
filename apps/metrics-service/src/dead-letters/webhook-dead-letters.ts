import type { Actor, DeadLetterDetails, DeadLetterView, ReplayedDeadLetter } from '@kintsugi/contracts';
import { DeadLetterSource, shownPayload, type DeadLetterSearch } from '@kintsugi/hosting';
import type { DeliveryStore, ListedDelivery } from '../webhooks/mongo/delivery-store.js';
import type { WebhookRounds } from '../webhooks/webhook-rounds.js';
import { tenantInOwnedId } from '../webhooks/domain/owned.js';

/** All of them were not taken: what the receiver answered is the detail. */
const deliveryFailed = 'DELIVERY_FAILED';

/** Messages that a webhook did not take, and that were given up. */
export class WebhookDeadLetters extends DeadLetterSource {
  readonly prefix = 'webhook';

  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly rounds: Pick<WebhookRounds, 'look'>,
  ) {
    super();
  }

  async newest({ reason, tenant, behind, limit }: DeadLetterSearch): Promise<DeadLetterView[]> {
    if (reason !== undefined && reason !== deliveryFailed) return [];
    return (await this.deliveries.newestDead({ tenant, behind, limit })).map(view);
  }

  async find(id: string, { tenant }: Actor): Promise<DeadLetterDetails | null> {
    const delivery = await this.deliveries.find(this.storedIdOf(id));
    if (!delivery || (tenant !== null && tenant !== tenantInOwnedId(delivery.webhook_id))) return null;
    // Before it was given up it is nobody's dead letter; once it was, it stays one that was replayed.
    if (delivery.state === 'waiting' && delivery.revived_at === undefined) return null;
    const { body, ...rest } = delivery;
    return { ...view({ ...rest, body_bytes: Buffer.byteLength(body) }), ...shownPayload(body) };
  }

  async replay(id: string): Promise<ReplayedDeadLetter> {
    const isRevived = await this.deliveries.revive(this.storedIdOf(id), Date.now());
    this.rounds.look();
    return { id: `${this.prefix}.${id}`, outcome: 'waiting', repeated: !isRevived, reason: null, detail: null };
  }

  async discard(id: string): Promise<void> {
    await this.deliveries.remove(this.storedIdOf(id));
  }

  storedIdOf(id: string): string {
    return Buffer.from(id, 'base64url').toString();
  }
}

function view({ _id, webhook_id: webhook, ...delivery }: ListedDelivery): DeadLetterView {
  const {
    event: name,
    last_error: detail,
    body_bytes: bytes,
    state,
    revived_at: revivedAt,
    dead_at: deadAt,
    created_at: createdAt,
  } = delivery;
  return {
    ...{ id: `webhook.${Buffer.from(_id).toString('base64url')}`, service: 'metrics', kind: 'webhook', name },
    ...{ reader: webhook.slice(webhook.indexOf('/') + 1), tenant: tenantInOwnedId(webhook), reason: deliveryFailed, detail },
    ...{ since: (deadAt ?? createdAt).toISOString(), payload_bytes: bytes },
    ...{ state: state === 'dead' ? 'dead' : 'replayed', replays: delivery.revivals ?? 0 },
    ...{ replayed_at: revivedAt?.toISOString() ?? null, can_replay: true },
    replay: 'Sends the message to the webhook again, under the same webhook-id. While the webhook is disabled, it waits.',
  };
}
