import { z } from 'zod';
import { deadLetterServices, listDeadLettersSchema, queryLimitSchema } from '@kintsugi/contracts';

/** The query of `GET /v1/dead-letters`. */
export const deadLettersQuerySchema = listDeadLettersSchema.extend({
  limit: queryLimitSchema,
  service: z.enum(deadLetterServices).optional().describe('Only what this service keeps. Without it: what all of them do.'),
});

export type DeadLettersQuery = z.output<typeof deadLettersQuerySchema>;
