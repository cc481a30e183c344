import { z } from 'zod';
import { alertNotices } from '../alert/alert.js';
import type { EventName } from '../event/event-catalogue.js';
import { pageOf, pageShape } from '../page.js';
import { scheduleNameSchema } from '../schedule/schedule.js';

/** Events of the stream that a webhook can be told of. */
export const heardWebhookEvents = [
  'job.completed',
  'job.failed',
  'job.cancelled',
  'job.faulted',
  'job.wedged',
  'job.unwedged',
  'group.regressed',
  'group.reopened',
  'schedule.missed',
] as const satisfies EventName[];

/** All that a webhook can be told of. */
export const webhookEvents = [...heardWebhookEvents, ...alertNotices] as const;

/** How a message is written: as what our own receivers read, or as what Slack and those that do as it does show to people. */
export const webhookFormats = ['cloudevents', 'slack'] as const;

export type WebhookEvent = (typeof webhookEvents)[number];

const mailAddressesMax = 10;

export const webhookNameSchema = scheduleNameSchema;

const urlSchema = z
  .string()
  .max(2_000)
  .refine(
    (text) => isWebAddress(text) || mailAddressesOf(text) !== null,
    'an http or https URL without a user or password in it, or mailto: and up to 10 addresses, parted by commas',
  )
  .describe(
    'Where events are posted to. A private address is refused unless the settings allow it. mailto: has alerts sent by mail.',
  );

const formatSchema = z
  .enum(webhookFormats)
  .describe('cloudevents: the event as JSON. slack: alerts as a text for people, as Slack and others of its kind take it.');

const eventsSchema = z.array(z.enum(webhookEvents)).min(1).max(webhookEvents.length).describe('The events that it is told of.');

const secretSchema = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]{32,128}={0,2}$/, 'whsec_ and at least 24 bytes in base64')
  .describe('What its messages are signed with; made for you when absent.');

export const createWebhookSchema = z.strictObject({
  name: webhookNameSchema,
  url: urlSchema,
  events: eventsSchema,
  format: formatSchema.optional(),
  secret: secretSchema.optional(),
});

/** What is left out stays as it is. */
export const updateWebhookSchema = z.strictObject({
  name: webhookNameSchema,
  url: urlSchema.optional(),
  events: eventsSchema.optional(),
  format: formatSchema.optional(),
  secret: secretSchema.optional(),
  enabled: z.boolean().optional().describe('Whether it is told of events; true also enables one that was disabled by failures.'),
});

export const webhookNameRequestSchema = z.strictObject({ name: webhookNameSchema });
export const listWebhooksSchema = z.strictObject({ ...pageShape });
export const listWebhookDeliveriesSchema = z.strictObject({ name: webhookNameSchema, ...pageShape });

export const webhookSchema = z.object({
  name: z.string().describe('Its name.'),
  tenant: z.string().nullable().describe('Whose events it is told of; null: those of all.'),
  user_id: z.string().describe('Who made it.'),
  url: z.string().describe('Where events are posted to. To a viewer what may be a secret in it is masked.'),
  format: z.enum(webhookFormats).describe('How messages are written.'),
  events: z.array(z.string()).describe('The events that it is told of.'),
  enabled: z.boolean().describe('Whether it is told of events.'),
  disabled_reason: z.string().nullable().describe('Why it is no longer; null where it is, or where a person has disabled it.'),
  secret: z.string().optional().describe('What its messages are signed with: told once, when it is made.'),
  delivered: z.int().describe('Messages that were taken.'),
  dead: z.int().describe('Messages that were given up.'),
  failing_since: z.string().nullable().describe('Since when no message was taken; null while they are.'),
  last_delivered_at: z.string().nullable().describe('When a message was taken last.'),
  last_error: z.string().nullable().describe('Why the last message was not taken; null where it was.'),
  created_at: z.string().describe('When it was made.'),
  updated_at: z.string().describe('When it was last changed by somebody.'),
});

export const webhookPageSchema = pageOf(webhookSchema);
export const deletedWebhookSchema = z.object({ name: z.string().describe('The webhook that is gone, with what waited for it.') });

export const webhookTestSchema = z.object({
  delivered: z.boolean().describe('Whether the message was taken: the answer was 2xx.'),
  status: z.int().nullable().describe('The status of the answer; null where there was none.'),
  took_ms: z.int().describe('How long it took.'),
  error: z.string().nullable().describe('Why it was not taken.'),
});

export const webhookDeliverySchema = z.object({
  id: z.string().describe('The message, as its header webhook-id says.'),
  event: z.string().describe('The event that it tells of.'),
  state: z.enum(['waiting', 'dead']).describe('waiting: it is tried again. dead: it was given up.'),
  attempts: z.int().describe('How often it was tried.'),
  next_at: z.string().nullable().describe('When it is tried next; null once it is dead.'),
  last_error: z.string().nullable().describe('Why it was not taken last.'),
  created_at: z.string().describe('When the event was heard of.'),
});

export const webhookDeliveryPageSchema = pageOf(webhookDeliverySchema);
export const retriedDeliveriesSchema = z.object({ retried: z.int().describe('Messages that are tried again.') });

export type WebhookView = z.infer<typeof webhookSchema>;
export type WebhookPage = z.infer<typeof webhookPageSchema>;
export type WebhookTest = z.infer<typeof webhookTestSchema>;
export type WebhookDelivery = z.infer<typeof webhookDeliverySchema>;
export type WebhookDeliveryPage = z.infer<typeof webhookDeliveryPageSchema>;

/** The addresses of a mailto: URL; null for any other text. */
export function mailAddressesOf(text: string): string[] | null {
  const addresses = text.startsWith('mailto:') ? text.slice('mailto:'.length).split(',') : [];
  const areGood = addresses.every((address) => /^[\w.+-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$/.test(address));
  return areGood && addresses.length > 0 && addresses.length <= mailAddressesMax ? addresses : null;
}

function isWebAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === '';
}
