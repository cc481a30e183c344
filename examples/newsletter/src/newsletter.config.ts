import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** The folder of this example, which holds recipients.csv. */
const exampleFolder = fileURLToPath(new URL('..', import.meta.url));

/** The recipient list that comes with the example. */
export const recipientsFile = fileURLToPath(new URL('../recipients.csv', import.meta.url));

/** What the newsletter worker is told by the environment; the SDK reads the settings of every worker by itself. */
export const newsletterSettings = {
  SMTP_HOST: z.string().min(1).default('127.0.0.1').describe('The mail server that takes the messages.'),
  SMTP_PORT: z.coerce.number().int().min(1).max(65_535).default(2525).describe('Its port.'),
  SMTP_CONNECTIONS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(100)
    .describe('Connections to it at most. Fewer than WORKER_SLOTS lets messages wait for one.'),
  SMTP_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(600_000)
    .default(2_500)
    .describe('Longest wait for each of its answers; RFC 5321 asks for minutes outside of demonstrations.'),
  NEWSLETTER_FROM: z.string().min(3).max(254).default('Kintsugi News <news@example.com>').describe('Sender of the messages.'),
  NEWSLETTER_GROUPS_DIR: z
    .string()
    .min(1)
    .default(exampleFolder)
    .describe('Folder with a <sending_group_id>.csv for each sending group.'),
};
