import { z } from 'zod';

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);

/** What the SMTP world is told by the environment. */
export const smtpWorldSettings = {
  SMTP_WORLD_PORT: port(2525).describe('Port on loopback for SMTP; 0 takes any free one.'),
  SMTP_WORLD_LEDGER_PORT: port(2580).describe('Port on loopback for GET /ledger; 0 takes any free one.'),
  SMTP_WORLD_SEED: z.string().min(1).default('kintsugi').describe('Decides which addresses hesitate, break off or refuse.'),
  KINTSUGI_LEASHED: z.enum(['0', '1']).default('0').describe('1: stop when standard input ends.'),
};
