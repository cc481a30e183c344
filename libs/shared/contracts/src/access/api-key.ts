import { z } from 'zod';
import { roles } from '../operation.js';
import { tenantSchema } from './tenant.js';

const idPattern = '[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?';

/** An API key reads `kin_<id>_<secret>`: the id says which record it belongs to, the secret is hex of at least 128 random bits. */
const keyPattern = new RegExp(`^kin_(${idPattern})_[0-9a-f]{32,128}$`);

export function apiKeyOf(id: string, secretHex: string): string {
  return `kin_${id}_${secretHex}`;
}

/** The id that a key names, or null for a text that is no key. */
export function apiKeyIdOf(key: string): string | null {
  return keyPattern.exec(key)?.[1] ?? null;
}

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits');

/** What is kept of an API key: enough to recognise it, not enough to use it. */
export const apiKeySchema = z.strictObject({
  id: z.string().regex(new RegExp(`^${idPattern}$`), 'lower-case letters, digits and dashes, at most 32'),
  role: z.enum(roles),
  tenant: tenantSchema.nullable().describe('The tenant that it is bound to; null: to none.'),
  sha256: hashSchema.describe('SHA-256 of the whole key.'),
  former_sha256: hashSchema.nullable().describe('Of the key that was in its place before it was rotated.'),
  former_expires_at: z.date().nullable().describe('From then on the former key is refused.'),
  expires_at: z.date().nullable().describe('From then on the key is refused.'),
  revoked_at: z.date().nullable().describe('When it was revoked. Its record stays, so that its id is never that of another.'),
});

export type ApiKeyRecord = z.infer<typeof apiKeySchema>;
