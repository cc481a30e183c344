import type {
  ActionInput,
  ActionResponse,
  WebhookDeliveryPage,
  WebhookPage,
  WebhookTest,
  WebhookView,
} from '@kintsugi/contracts';
import type { Act, Read } from './calls.js';

/** Addresses to which events are posted. */
export function webhookCalls(read: Read, act: Act) {
  const pathOf = (name: string): string => `/v1/webhooks/${encodeURIComponent(name)}`;
  return {
    /** The answer tells the secret, this once. */
    createWebhook: (webhook: ActionInput<'createWebhook'>): Promise<WebhookView> =>
      act('/job-operations', 'createWebhook', webhook),

    /** Changes what is given. */
    updateWebhook: (change: ActionInput<'updateWebhook'>): Promise<WebhookView> =>
      act('/job-operations', 'updateWebhook', change),

    deleteWebhook: (name: string): Promise<ActionResponse<'deleteWebhook'>> => act('/job-operations', 'deleteWebhook', { name }),

    /** Posts a message once, and says what became of it. */
    testWebhook: (name: string): Promise<WebhookTest> => act('/job-operations', 'testWebhook', { name }),

    /** Tries the messages again that were given up. */
    retryWebhookDeliveries: (name: string): Promise<ActionResponse<'retryWebhookDeliveries'>> =>
      act('/job-operations', 'retryWebhookDeliveries', { name }),

    getWebhook: (name: string): Promise<WebhookView> => read(pathOf(name)),

    listWebhooks: (query: ActionInput<'listWebhooks'> = {}): Promise<WebhookPage> => read('/v1/webhooks', query),

    /** Messages that were not taken yet, or were given up. */
    listWebhookDeliveries: (
      name: string,
      query: Omit<ActionInput<'listWebhookDeliveries'>, 'name'> = {},
    ): Promise<WebhookDeliveryPage> => read(`${pathOf(name)}/deliveries`, query),
  };
}
