import { listWebhooksSchema, webhookNameSchema } from '@kintsugi/contracts';
import type { DocumentedRoute } from './documented-routes.js';
import { exampleWebhookName } from './examples.js';

const id = { schema: webhookNameSchema, example: exampleWebhookName };

/** The routes by which webhooks are read. */
export const webhookRoutes: DocumentedRoute[] = [
  {
    method: 'get',
    path: '/v1/webhooks',
    operationId: 'listWebhooks',
    tag: 'jobs',
    access: 'viewer',
    summary: 'Webhooks, by name',
    query: listWebhooksSchema,
    answer: { kind: 'json', description: 'A page of webhooks.', of: 'listWebhooks' },
    problems: ['VALIDATION_FAILED'],
  },
  {
    method: 'get',
    path: '/v1/webhooks/{id}',
    operationId: 'getWebhook',
    tag: 'jobs',
    access: 'viewer',
    summary: 'A webhook, and how it goes',
    id,
    answer: { kind: 'json', description: 'The webhook.', of: 'getWebhook' },
    problems: ['VALIDATION_FAILED', 'WEBHOOK_NOT_FOUND'],
  },
  {
    method: 'get',
    path: '/v1/webhooks/{id}/deliveries',
    operationId: 'listWebhookDeliveries',
    tag: 'jobs',
    access: 'viewer',
    summary: 'Messages to a webhook that were not taken',
    id,
    query: listWebhooksSchema,
    answer: { kind: 'json', description: 'A page of messages.', of: 'listWebhookDeliveries' },
    problems: ['VALIDATION_FAILED', 'WEBHOOK_NOT_FOUND'],
  },
];
