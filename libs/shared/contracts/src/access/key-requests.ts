import { z } from 'zod';
import { roles } from '../operation.js';
import { timeSchema } from '../period.js';
import { apiKeySchema, type ApiKeyRecord } from './api-key.js';
import { tenantSchema } from './tenant.js';

/** For as long at most the former key is accepted beside the new one. */
const overlapSecondsMax = 30 * 86_400;

export const apiKeyIdSchema = apiKeySchema.shape.id.describe('The name of the key. It is never given twice.');

const role = z.enum(roles).describe('What the key may do; each role may do what the ones before it may.');
const tenant = tenantSchema.nullable().describe('The tenant that it is bound to; null: to none.');

export const createKeySchema = z.strictObject({
  id: apiKeyIdSchema,
  role,
  tenant: tenant.optional(),
  expires_at: timeSchema
    .nullable()
    .optional()
    .describe('From then on the key is refused; never when absent. It cannot be put off.'),
});

/** The query of `POST /v1/keys/{id}/rotate`. */
export const rotateKeySchema = z.strictObject({
  overlap_s: z
    .string()
    .regex(/^\d{1,7}$/, `a whole number from 0 to ${overlapSecondsMax}`)
    .transform(Number)
    .pipe(z.int().max(overlapSecondsMax))
    .optional()
    .describe('Seconds for which the former key is still accepted; 0 when absent.'),
});

const time = z.string().nullable();

export const keyViewSchema = z.object({
  id: apiKeyIdSchema,
  role,
  tenant,
  status: z.enum(['good', 'expired', 'revoked']).describe('Whether it is accepted.'),
  created_at: z.string().describe('When it was made.'),
  rotated_at: time.describe('When it was put in the place of a former one.'),
  former_until: time.describe('Until when the key before it is still accepted; null where it is not.'),
  expires_at: time.describe('From then on it is refused.'),
  revoked_at: time.describe('When it was revoked.'),
});

export const keyListSchema = z.object({ items: z.array(keyViewSchema).describe('All that there ever were, the oldest first.') });

export const madeKeySchema = z.object({
  id: apiKeyIdSchema,
  key: z.string().describe('The key, told this once: it is kept nowhere.'),
});

export const revokedKeySchema = z.object({ id: apiKeyIdSchema, revoked: z.literal(true).describe('It is refused from now on.') });

export type CreateKey = z.output<typeof createKeySchema>;
export type RotateKey = z.output<typeof rotateKeySchema>;
export type KeyView = z.infer<typeof keyViewSchema>;
export type KeyList = z.infer<typeof keyListSchema>;
export type MadeApiKey = z.infer<typeof madeKeySchema>;
export type RevokedKey = z.infer<typeof revokedKeySchema>;

/** Whether a key is accepted now. */
export function statusOfKey(
  { expires_at, revoked_at }: Pick<ApiKeyRecord, 'expires_at' | 'revoked_at'>,
  now: Date,
): KeyView['status'] {
  if (revoked_at) return 'revoked';
  return expires_at !== null && expires_at <= now ? 'expired' : 'good';
}
