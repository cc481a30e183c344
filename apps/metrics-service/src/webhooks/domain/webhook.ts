import { ProblemError, alertNotices, mailAddressesOf, type Role, type WebhookView } from '@kintsugi/contracts';
import { maskedAddress } from './masked-address.js';

/** A webhook as it is kept. */
export interface Webhook {
  /** Tenant and name. */
  _id: string;
  name: string;
  /** Whose events it is told of; null: those of all. */
  tenant: string | null;
  user_id: string;
  url: string;
  events: string[];
  /** Absent from those that were made before there were others than CloudEvents. */
  format?: WebhookView['format'];
  secret: string;
  enabled: boolean;
  disabled_reason: string | null;
  delivered: number;
  dead: number;
  failing_since: Date | null;
  last_delivered_at: Date | null;
  last_error: string | null;
  /** Rises with each change by a person. */
  version: number;
  created_at: Date;
  updated_at: Date;
}

/**
 * Whether a webhook of this address and form can tell of an event. Mails and texts are for people, who want to hear of alerts: of
 * those there are few, and of jobs there may be thousands a second.
 */
export function canTell({ url, format }: Pick<Webhook, 'url' | 'format'>, event: string): boolean {
  const isForPeople = format === 'slack' || mailAddressesOf(url) !== null;
  return !isForPeople || (alertNotices as readonly string[]).includes(event);
}

/** A webhook as its readers see it. Who may change none is not shown what may be a secret in its address. */
export function viewWebhook(webhook: Webhook, role: Role): WebhookView {
  const { _id, version: _version, secret: _secret, format = 'cloudevents', ...rest } = webhook;
  return {
    ...rest,
    format,
    url: role === 'viewer' ? maskedAddress(rest.url, format) : rest.url,
    failing_since: rest.failing_since?.toISOString() ?? null,
    last_delivered_at: rest.last_delivered_at?.toISOString() ?? null,
    created_at: rest.created_at.toISOString(),
    updated_at: rest.updated_at.toISOString(),
  };
}

export function webhookNotFound(name: string): ProblemError {
  return new ProblemError('WEBHOOK_NOT_FOUND', `There is no webhook ${name}. Webhooks are listed by \`kintsugi webhooks list\`.`);
}
