import { expect, test } from '@jest/globals';
import type { Logger, Metrics } from '@kintsugi/observability';
import type { MetricsServiceSettings } from '../metrics-service.config.js';
import type { Webhook } from './domain/webhook.js';
import type { Posted } from './http/post-message.js';
import type { Delivery, DeliveryStore } from './mongo/delivery-store.js';
import type { WebhookStore } from './mongo/webhook-store.js';
import { SendDeliveries } from './send-deliveries.js';

const at = new Date('2026-01-01T00:00:00.000Z');

function webhookWith(given: Partial<Webhook>): Webhook {
  return {
    ...{ _id: '*/hook', name: 'hook', tenant: null, user_id: 'ann', url: 'https://example.com/', events: ['alert.fired'] },
    ...{ format: 'cloudevents', secret: 's', enabled: true, disabled_reason: null, delivered: 0, dead: 0, failing_since: null },
    ...{ last_delivered_at: null, last_error: null, version: 0, created_at: at, updated_at: at, ...given },
  };
}

/** What becomes of two messages that have waited: of a job and of an alert. */
async function sent(given: Partial<Webhook>): Promise<string[]> {
  const happened: string[] = [];
  const waiting = ['job.failed', 'alert.fired'].map((event): Delivery => ({
    ...{ _id: `*/hook ${event}`, webhook_id: '*/hook', event, body: '{}', state: 'waiting', attempts: 0 },
    ...{ next_at: at, last_error: null, created_at: at },
  }));
  const deliveries = {
    dueWebhooks: async () => ['*/hook'],
    due: async () => waiting,
    giveUp: async (id: string) => void happened.push(`gave up ${id}`),
    remove: async (id: string) => void happened.push(`sent ${id}`),
  };
  const webhooks = { noteGivenUp: async () => undefined, noteDelivered: async () => undefined };
  const sending = new SendDeliveries(
    webhooks as unknown as WebhookStore,
    deliveries as unknown as DeliveryStore,
    { count: () => undefined } as unknown as Metrics,
    {} as Logger,
    {} as MetricsServiceSettings,
  );
  sending.post = async (): Promise<Posted> => ({ delivered: true, status: 200, error: null, tookMs: 1 });
  await sending.begin([webhookWith(given)], (error) => {
    if (error) happened.push('fault');
  });
  expect(sending.kept).toBe(1);
  await sending.settled();
  // A webhook that is deleted and made anew under other names again and again must leave nothing.
  expect(sending.kept).toBe(0);
  return happened.sort();
}

test('messages of jobs that waited for a webhook are given up once it is one for people', async () => {
  const left = ['gave up */hook job.failed', 'sent */hook alert.fired'];
  expect(await sent({ format: 'slack' })).toEqual(left);
  expect(await sent({ url: 'mailto:ops@example.com' })).toEqual(left);
  expect(await sent({})).toEqual(['sent */hook alert.fired', 'sent */hook job.failed']);
});
