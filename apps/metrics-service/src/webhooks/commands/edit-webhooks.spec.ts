import { expect, test } from '@jest/globals';
import type { ActionRequest } from '@kintsugi/contracts';
import type { MetricsServiceSettings } from '../../metrics-service.config.js';
import type { Webhook } from '../domain/webhook.js';
import type { DeliveryStore } from '../mongo/delivery-store.js';
import type { WebhookEdit, WebhookStore } from '../mongo/webhook-store.js';
import type { WebhookEvents } from '../nats/webhook-events.js';
import type { WebhookRounds } from '../webhook-rounds.js';
import { EditWebhooks } from './edit-webhooks.js';

const ann = { key: 'k', name: 'ann', role: 'operator', tenant: null, door: 'http', address: null } as const;
const at = new Date('2026-01-01T00:00:00.000Z');

/** Edits a webhook whose address the settings allow no longer. */
function edit(url: string, given: Omit<ActionRequest<'updateWebhook'>, 'name'>): Promise<unknown> {
  const stored: Webhook = {
    ...{ _id: '*/hook', name: 'hook', tenant: null, user_id: 'ann', url, events: ['alert.fired'], format: 'cloudevents' },
    ...{ secret: 's', enabled: true, disabled_reason: null, delivered: 0, dead: 0, failing_since: null },
    ...{ last_delivered_at: null, last_error: null, version: 0, created_at: at, updated_at: at },
  };
  const store = { edit: async (_id: string, editOf: (before: Webhook) => WebhookEdit) => ({ ...stored, ...editOf(stored) }) };
  const settings = { WEBHOOK_ALLOW_PRIVATE: [], MAIL_SMTP_URL: '' } as unknown as MetricsServiceSettings;
  const editing = new EditWebhooks(
    store as unknown as WebhookStore,
    {} as DeliveryStore,
    { keep: async () => undefined } as unknown as WebhookEvents,
    { look: () => undefined } as unknown as WebhookRounds,
    settings,
  );
  return editing.update({ name: 'hook', ...given }, ann);
}

test.each(['http://10.0.0.7:8080/hook', 'mailto:ops@example.com'])(
  'a webhook at %s, which is no longer allowed, can be disabled, and neither enabled nor set again',
  async (url) => {
    await expect(edit(url, { enabled: false })).resolves.toMatchObject({ enabled: false });
    await expect(edit(url, { events: ['alert.resolved'] })).resolves.toMatchObject({ events: ['alert.resolved'] });
    await expect(edit(url, { enabled: true })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    await expect(edit('https://example.com/', { url })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  },
);
