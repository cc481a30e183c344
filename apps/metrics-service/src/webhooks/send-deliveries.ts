import { Inject, Injectable } from '@nestjs/common';
import { mailAddressesOf } from '@kintsugi/contracts';
import { LOGGER, SETTINGS } from '@kintsugi/hosting';
import { Metrics, type Logger } from '@kintsugi/observability';
import type { MetricsServiceSettings } from '../metrics-service.config.js';
import { peopleText, slackBody } from './domain/message-texts.js';
import { retryDelayMs } from './domain/retry-delay.js';
import { canTell, type Webhook } from './domain/webhook.js';
import { postMessage, type Posted } from './http/post-message.js';
import { DeliveryStore, type Delivery } from './mongo/delivery-store.js';
import { WebhookStore } from './mongo/webhook-store.js';
import { signedHeaders } from './signature.js';
import { sendMail } from './smtp/send-mail.js';

/** Messages under way to one webhook: one that is slow keeps no other waiting. */
const underWayMax = 4;
const gone = 410;
const hourMs = 3_600_000;

/** Posts what is due, again and again until it is taken or given up. */
@Injectable()
export class SendDeliveries {
  private readonly underWay = new Map<string, Map<string, Promise<void>>>();

  constructor(
    private readonly webhooks: WebhookStore,
    private readonly deliveries: DeliveryStore,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(SETTINGS) private readonly settings: MetricsServiceSettings,
  ) {}

  /**
   * Begins to post what is due now.
   * @param onEnd is called when a message has come to its end, and there is room for another
   */
  async begin(webhooks: readonly Webhook[], onEnd: (error: unknown) => void): Promise<void> {
    const enabled = new Map(webhooks.filter((webhook) => webhook.enabled).map((webhook) => [webhook._id, webhook]));
    const now = Date.now();
    for (const id of await this.deliveries.dueWebhooks(now)) {
      const webhook = enabled.get(id);
      if (webhook) await this.beginOf(webhook, now, onEnd);
    }
  }

  /** Webhooks that something is kept of. */
  get kept(): number {
    return this.underWay.size;
  }

  async settled(): Promise<void> {
    await Promise.all([...this.underWay.values()].flatMap((sending) => [...sending.values()]));
  }

  private async beginOf(webhook: Webhook, now: number, onEnd: (error: unknown) => void): Promise<void> {
    const sending = this.underWay.get(webhook._id) ?? new Map<string, Promise<void>>();
    if (sending.size >= underWayMax) return;
    // Those under way are still due in the record.
    for (const delivery of await this.deliveries.due(webhook._id, now, underWayMax)) {
      if (sending.size >= underWayMax || sending.has(delivery._id)) continue;
      const sent = this.send(webhook, delivery).then(
        () => this.end(webhook, delivery, () => onEnd(null)),
        (error: unknown) => this.end(webhook, delivery, () => onEnd(error)),
      );
      sending.set(delivery._id, sent);
      // With the last of those before it, it was forgotten.
      this.underWay.set(webhook._id, sending);
    }
  }

  private end({ _id }: Webhook, delivery: Delivery, tell: () => void): void {
    const sending = this.underWay.get(_id);
    sending?.delete(delivery._id);
    if (sending?.size === 0) this.underWay.delete(_id);
    tell();
  }

  private async send(webhook: Webhook, delivery: Delivery): Promise<void> {
    const { body, attempts } = delivery;
    if (!canTell(webhook, delivery.event)) return this.giveUp(webhook, delivery);
    const id = delivery._id.slice(webhook._id.length + 1);
    const posted = await this.post(webhook, id, body);
    if (posted.delivered) {
      this.count('delivered');
      await this.webhooks.noteDelivered(webhook._id, Date.now());
      await this.deliveries.remove(delivery._id);
      return;
    }
    await this.noteFailure(webhook, delivery, attempts + 1, posted);
  }

  post({ url, secret, format }: Pick<Webhook, 'url' | 'secret' | 'format'>, id: string, body: string): Promise<Posted> {
    const { WEBHOOK_ALLOW_PRIVATE: allowPrivate, MAIL_SMTP_URL: server, MAIL_FROM: from } = this.settings;
    const to = mailAddressesOf(url);
    if (to) return sendMail({ server, from, to, id, text: peopleText(body) });
    const isSlack = format === 'slack';
    const posted = isSlack ? slackBody(body) : body;
    const type = isSlack ? 'application/json' : 'application/cloudevents+json; charset=utf-8';
    const headers = { 'content-type': type, ...signedHeaders(secret, id, Date.now(), posted) };
    return postMessage({ url, headers, body: posted, allowPrivate });
  }

  /** It has waited since before the webhook was made one for people. That is no failure of whoever takes its messages. */
  private async giveUp({ _id }: Webhook, { _id: id, attempts, event }: Delivery): Promise<void> {
    const reason = `The webhook cannot tell of ${event} any more: it was changed to one for people.`;
    await this.deliveries.giveUp(id, attempts, reason, Date.now());
    await this.webhooks.noteGivenUp(_id, reason);
    this.count('dead');
  }

  private async noteFailure(webhook: Webhook, delivery: Delivery, attempts: number, posted: Posted): Promise<void> {
    const { WEBHOOK_ATTEMPTS_MAX, WEBHOOK_RETRY_FIRST_MS, WEBHOOK_DISABLE_AFTER_HOURS } = this.settings;
    const now = Date.now();
    const error = posted.error ?? '';
    const isOver = attempts >= WEBHOOK_ATTEMPTS_MAX;
    if (isOver) await this.deliveries.giveUp(delivery._id, attempts, error, now);
    else {
      const delayMs = retryDelayMs(attempts, WEBHOOK_RETRY_FIRST_MS, Math.random());
      await this.deliveries.putOff(delivery._id, attempts, error, now + delayMs);
    }
    this.count(isOver ? 'dead' : 'failed');
    const since = await this.webhooks.noteFailed(webhook._id, error, isOver ? 1 : 0, now);
    const hours = (now - since.getTime()) / hourMs;
    if (posted.status === gone) await this.disable(webhook, 'Its address is gone: the answer was 410.', now);
    else if (hours >= WEBHOOK_DISABLE_AFTER_HOURS) {
      await this.disable(webhook, `It took no message for ${WEBHOOK_DISABLE_AFTER_HOURS} hours. ${error}`, now);
    }
  }

  private async disable({ _id }: Webhook, reason: string, now: number): Promise<void> {
    await this.webhooks.disable(_id, reason);
    const dead = await this.deliveries.giveUpAllOf(_id, now);
    if (dead > 0) await this.webhooks.noteFailed(_id, reason, dead, now);
    this.logger.warn({ webhook: _id, reason, messages: dead }, 'A webhook was disabled');
  }

  private count(outcome: 'delivered' | 'failed' | 'dead'): void {
    this.metrics.count('kintsugi_webhook_messages_total', { outcome });
  }
}
