import { z } from 'zod';
import { tenantSchema } from '../access/tenant.js';
import { pageOf, pageShape } from '../page.js';

/** Each keeps what it could not handle in its own database. */
export const deadLetterServices = ['job', 'recovery', 'metrics'] as const;

export type DeadLetterService = (typeof deadLetterServices)[number];

/** What an id begins with says who keeps it. */
export const deadLetterPrefixes = { job: ['job'], recovery: ['recovery'], metrics: ['metrics', 'webhook'] } as const;

export const deadLetterIdSchema = z
  .string()
  .max(450)
  .regex(/^(?:job|recovery|metrics|webhook)\.[\w.-]+$/, 'an id of a dead letter, as the list of them shows it')
  .describe('Its id.');

export const deadLetterSchema = z.object({
  id: z.string().describe('Its id.'),
  service: z.enum(deadLetterServices).describe('The service that keeps it.'),
  kind: z.enum(['command', 'event', 'webhook']).describe('What it was: a command, an event, or a message to a webhook.'),
  name: z.string().describe('The command, such as createJob, or the event, such as task.failed.'),
  reader: z.string().describe('Who could not take it: the reader of the stream, or the webhook.'),
  tenant: tenantSchema
    .nullable()
    .describe('Whose it is; null where it is nobody’s, or of several. Keys that are bound to no tenant see it.'),
  reason: z.string().describe('Why, as the code of a problem; DELIVERY_FAILED where a webhook did not take it.'),
  detail: z.string().nullable().describe('Why, in a sentence.'),
  since: z.string().describe('When it was given up.'),
  payload_bytes: z.int().describe('How large it is.'),
  state: z.enum(['dead', 'replayed']).describe('replayed: it was carried out since, at somebody’s word.'),
  replays: z.int().describe('How often somebody had it replayed in vain.'),
  replayed_at: z.string().nullable().describe('When it was replayed last; null where it never was.'),
  can_replay: z.boolean().describe('Whether it can be replayed.'),
  replay: z.string().describe('What a replay does, or why there can be none.'),
});

export type DeadLetterView = z.infer<typeof deadLetterSchema>;

export const listDeadLettersSchema = z.strictObject({
  reason: z.string().min(1).max(64).optional().describe('Only those that were given up for this reason.'),
  ...pageShape,
});

export const deadLetterPageSchema = pageOf(deadLetterSchema);

export type DeadLetterPage = z.infer<typeof deadLetterPageSchema>;

export const serviceAwaySchema = z.object({
  service: z.enum(deadLetterServices).describe('The service.'),
  code: z.string().describe('Why it did not answer, as the code of a problem.'),
  detail: z.string().describe('Why, in a sentence.'),
});

export type ServiceAway = z.infer<typeof serviceAwaySchema>;

export const allDeadLettersPageSchema = deadLetterPageSchema.extend({
  away: z
    .array(serviceAwaySchema)
    .describe('Services that did not answer: what they keep is not in this page. Begin without a cursor once they are back.'),
});

export type AllDeadLettersPage = z.infer<typeof allDeadLettersPageSchema>;

export const deadLetterRequestSchema = z.strictObject({ id: deadLetterIdSchema });

export const deadLetterDetailsSchema = deadLetterSchema.extend({
  payload: z.string().describe('What it says, or the beginning of that.'),
  payload_is_whole: z.boolean().describe('Whether that is all of it.'),
});

export type DeadLetterDetails = z.infer<typeof deadLetterDetailsSchema>;

export const replayedDeadLetterSchema = z.object({
  id: z.string().describe('Its id.'),
  outcome: z
    .enum(['done', 'waiting', 'failed'])
    .describe('done: it is carried out. waiting: it is sent as soon as may be. failed: it could not be taken this time either.'),
  repeated: z.boolean().describe('Whether it was replayed before, and nothing was done now.'),
  reason: z.string().nullable().describe('With failed: why, as the code of a problem.'),
  detail: z.string().nullable().describe('With failed: why, in a sentence.'),
});

export type ReplayedDeadLetter = z.infer<typeof replayedDeadLetterSchema>;

export const discardedDeadLetterSchema = z.object({ id: z.string().describe('The dead letter that is gone.') });
