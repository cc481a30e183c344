import type { z } from 'zod';
import { listWebhooksSchema, queryLimitSchema } from '@kintsugi/contracts';

/** The query of `GET /v1/webhooks`, and of what one of them has not taken. */
export const webhooksQuerySchema = listWebhooksSchema.extend({ limit: queryLimitSchema });

export type WebhooksQuery = z.output<typeof webhooksQuerySchema>;
