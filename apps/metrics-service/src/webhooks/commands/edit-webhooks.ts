import { Inject, Injectable } from '@nestjs/common';
import {
  ProblemError,
  alertNotices,
  heardWebhookEvents,
  mailAddressesOf,
  type ActionRequest,
  type Actor,
  type WebhookView,
} from '@kintsugi/contracts';
import { SETTINGS } from '@kintsugi/hosting';
import { addressOf, guardAddress } from '@kintsugi/hosting/address-guard';
import type { MetricsServiceSettings } from '../../metrics-service.config.js';
import { canTell, viewWebhook, webhookNotFound, type Webhook } from '../domain/webhook.js';
import { DeliveryStore } from '../mongo/delivery-store.js';
import { WebhookStore, webhooksMax, type WebhookEdit } from '../mongo/webhook-store.js';
import { WebhookEvents } from '../nats/webhook-events.js';
import { newSecret } from '../signature.js';
import { WebhookRounds } from '../webhook-rounds.js';
import { ownedIdOf } from '../domain/owned.js';
import { refused } from '../domain/refused.js';

/** Makes webhooks, changes them and ends them. */
@Injectable()
export class EditWebhooks {
  constructor(
    private readonly webhooks: WebhookStore,
    private readonly deliveries: DeliveryStore,
    private readonly events: WebhookEvents,
    private readonly rounds: WebhookRounds,
    @Inject(SETTINGS) private readonly settings: MetricsServiceSettings,
  ) {}

  /** The one answer that tells the secret. */
  async create(request: ActionRequest<'createWebhook'>, actor: Actor): Promise<WebhookView> {
    const { name, url, events, format = 'cloudevents', secret = newSecret() } = request;
    this.requireSense({ url, events, format });
    this.requireAddress(url);
    if (!(await this.webhooks.hasRoom(actor.tenant))) throw full();
    const at = new Date();
    const webhook: Webhook = {
      ...{ _id: ownedIdOf(actor, name), name, tenant: actor.tenant, user_id: actor.name, url, events: [...events] },
      ...{ format, secret },
      ...{ enabled: true, disabled_reason: null, delivered: 0, dead: 0, failing_since: null, last_delivered_at: null },
      ...{ last_error: null, version: 0, created_at: at, updated_at: at },
    };
    // Before it is there, so that it hears of everything from then on.
    if (isHeard(events)) await this.events.keep();
    if (!(await this.webhooks.create(webhook))) throw taken(name);
    this.rounds.look();
    return { ...viewWebhook(webhook, actor.role), secret };
  }

  async update({ name, ...given }: ActionRequest<'updateWebhook'>, actor: Actor): Promise<WebhookView> {
    if (given.enabled || isHeard(given.events ?? [])) await this.events.keep();
    const enabling = given.enabled === undefined ? {} : { disabled_reason: null, failing_since: null };
    const editOf = (before: Webhook): WebhookEdit => {
      this.requireSense({ ...before, ...given });
      // What is only disabled, or told of something else, may have an address that the settings allow no longer.
      if (given.url !== undefined || given.enabled) this.requireAddress(given.url ?? before.url);
      return { ...given, ...enabling };
    };
    const edited = await this.webhooks.edit(ownedIdOf(actor, name), editOf, Date.now());
    if (!edited) throw webhookNotFound(name);
    this.rounds.look();
    return viewWebhook(edited, actor.role);
  }

  async remove(name: string, actor: Actor): Promise<{ name: string }> {
    const id = ownedIdOf(actor, name);
    if (!(await this.webhooks.remove(id))) throw webhookNotFound(name);
    await this.deliveries.removeAllOf(id);
    this.rounds.look();
    return { name };
  }

  async retry(name: string, actor: Actor): Promise<{ retried: number }> {
    const id = ownedIdOf(actor, name);
    if (!(await this.webhooks.find(id))) throw webhookNotFound(name);
    const retried = await this.deliveries.reviveAllOf(id, Date.now());
    this.rounds.look();
    return { retried };
  }

  private requireSense({ url, events, format = 'cloudevents' }: Pick<Webhook, 'url' | 'events' | 'format'>): void {
    const isMail = mailAddressesOf(url) !== null;
    const got = events.filter((name) => !canTell({ url, format }, name));
    if (got.length > 0) {
      const told = isMail ? 'a mailto: address' : 'the format slack';
      throw refused('events', got.join(', '), `for ${told}: ${alertNotices.join(', ')}`);
    }
    if (isMail && format === 'slack') throw refused('format', format, 'for a mailto: address: none, mails are texts');
  }

  /** An address that is private as it stands is told at once; a name is looked up with each message. */
  private requireAddress(url: string): void {
    if (mailAddressesOf(url) !== null) {
      if (this.settings.MAIL_SMTP_URL !== '') return;
      throw refused('url', url, 'an http or https URL: MAIL_SMTP_URL of metrics-service names no mail server');
    }
    const { host, port } = addressOf(new URL(url));
    const allowPrivate = this.settings.WEBHOOK_ALLOW_PRIVATE;
    guardAddress({
      ...{ host, port, allowPrivate },
      refuse: () => {
        const allowed = `a public address, or one that WEBHOOK_ALLOW_PRIVATE of metrics-service names: ${host}:${port}`;
        return new ProblemError('VALIDATION_FAILED', `data.url: ${host} is a private address. Give a public one.`, {
          errors: [{ path: 'data.url', rule: 'VALUE', got: host, allowed }],
        });
      },
    });
  }
}

function isHeard(events: readonly string[]): boolean {
  return heardWebhookEvents.some((name) => events.includes(name));
}

function taken(name: string): ProblemError {
  return new ProblemError('WEBHOOK_EXISTS', `There is a webhook ${name} already. Change it with updateWebhook, or delete it.`, {
    errors: [{ path: 'data.name', rule: 'UNIQUE', got: name, allowed: 'a name that no webhook of the tenant has' }],
  });
}

function full(): ProblemError {
  return new ProblemError(
    'OVERLOADED',
    `There are ${webhooksMax} webhooks, and no room for more. Delete some that nobody needs.`,
  );
}
